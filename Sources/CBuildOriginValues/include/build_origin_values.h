// Nothing is declared here: build_origin.h declares what this target defines.
