import ArgumentParser

/// The completion script of a shell: that of the parser, with what it lacks.
///
/// `.ci/completion` types into each shell what these changes are for.
enum CompletionScript {
  /// The script for `shell`.
  static func text(for shell: CompletionShell) -> String {
    let script = Privirun.completionScript(for: shell)
    switch shell {
    case .bash: return bash(script)
    case .zsh: return zsh(script)
    case .fish: return script + fishLists
    case _: return script
    }
  }

  /// The options of `new` that take several values, each of which is completed like the first.
  private static let lists = ["--operation", "--from-openapi"]

  /// Bash breaks words at `=` and `:`, puts a backslash before `=`, and a blank behind whatever it completes.
  private static func bash(_ script: String) -> String {
    let registration = "complete -o filenames -F _privirun privirun"
    let joining = joining.replacing("LISTS", with: lists.joined(separator: " | "))
    return script.replacing(registration, with: joining).replacing(adding, with: addingUnexpanded)
  }

  /// How the parser's script begins to add what `compgen` finds.
  private static let adding = "__privirun_add_completions() {\n    local completion\n"

  /// `compgen -W` expands what it is given like a line that is typed, and that may come from a file.
  private static let addingUnexpanded =
    adding + #"""
          if [[ "${1}" = -W ]]; then
              while IFS='' read -r completion; do
                  if [[ -n "${completion}" && "${completion}" = "${cur}"* ]]; then COMPREPLY+=("${completion}"); fi
              done <<< "${2}"
              return
          fi

      """#

  private static let joining = #"""
    # Completes the words of the line as the program sees them, whatever characters bash breaks them at.
    __privirun_joined() {
        local rest="${COMP_LINE}" word before=''
        local -a words=()
        local -i index last=-1 current=0
        for ((index = 0; index < ${#COMP_WORDS[@]}; index++)); do
            word="${COMP_WORDS[index]}"
            if ((last >= 0)) && [[ "${rest}" != [[:space:]]* && ("${word}" = [=:]* || "${words[last]}" = *[=:]) ]]; then
                words[last]+="${word}"
            else
                words[++last]="${word}"
            fi
            rest="${rest#*"${word}"}"
            if ((index == COMP_CWORD)); then
                current=last
                before="${words[last]}"
                [[ "${word}" = [=:] ]] || before="${before%"${word}"}"
            fi
        done
        words[current]="${before}${2}"
        if [[ "${words[current]}" = --*=* ]]; then
            words=("${words[@]::current}" "${words[current]%%=*}" "${words[current]#*=}" "${words[@]:current+1}")
            before="${before#*=}"
            current+=1
        fi

        # The values of an option that takes several are completed as if each were the first.
        local -i option=current-1
        while ((option > 0)) && [[ "${words[option]}" != -* ]]; do option+=-1; done
        [[ "${words[current]}" = -* ]] && option=current
        case "${words[option]}" in
        LISTS)
            words=("${words[@]::option+1}" "${words[@]:current}")
            current=option+1
            ;;
        esac

        local -a COMP_WORDS=("${words[@]}")
        local -i COMP_CWORD="${current}"
        _privirun "${1}" "${words[current]}" "${words[current - 1]}"

        COMPREPLY=("${COMPREPLY[@]#"${before}"}")
        # The value of an input or a field follows its name.
        if [[ "${COMPREPLY[0]}" = *= ]]; then compopt -o nospace +o filenames; fi
    }

    complete -o filenames -F __privirun_joined privirun
    """#

  /// Options of zsh take no value behind `=` unless their specification ends so.
  private static func zsh(_ script: String) -> String {
    let offering = "        __privirun_complete \"${completions[@]:0:-1}\"\n"
    let start = "    local -r command_name=\"${words[1]}\"\n"
    let several = zshLists.replacing("LISTS", with: lists.joined(separator: "|"))
    return script.replacing(offering, with: unspaced)
      .replacing(start, with: several + start, maxReplacements: 1)
      .replacing(#/(?m)^( +'\*?--[a-z0-9-]+)(\[.*\]:)/#) { "\($0.output.1)=\($0.output.2)" }
  }

  private static let unspaced = #"""
            # The value of an input or a field follows its name.
            if [[ "${completions[1]}" = *= ]]; then
                compadd -S '' -- "${(@)completions[1,-2]}"
            else
                __privirun_complete "${completions[@]:0:-1}"
            fi

    """#

  private static let zshLists = #"""
        # The values of an option that takes several are completed as if each were the first.
        local -i option=$((CURRENT - 1))
        while ((option > 1)) && [[ "${words[option]}" != -* ]]; do ((option -= 1)); done
        if [[ "${words[CURRENT]}" != -* && "${words[option]}" = (LISTS) ]]; then
            words=("${(@)words[1,option]}" "${(@)words[CURRENT,-1]}")
            CURRENT=$((option + 1))
        fi


    """#

  /// Fish takes the second value of an option for an argument of the command.
  private static var fishLists: String {
    #"""

    # Whether the word at the cursor is a further value of an option that takes several.
    function __privirun_continues_list
        set -l words (__privirun_tokens -pc)
        for word in $words[-1..1]
            switch $word
            case LISTS
                return 0
            case '-*'
                return 1
            end
        end
        return 1
    end
    complete -c 'privirun' -n __privirun_continues_list -fka '(__privirun_custom_completion ---completion new -- --operation (count (__privirun_tokens -pc)) (__privirun_tokens -tC))'

    """#.replacing("LISTS", with: lists.joined(separator: " "))
  }
}
