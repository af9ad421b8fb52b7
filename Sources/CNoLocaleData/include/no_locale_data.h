// Nothing is declared here: the library that looks for the data declares it.
