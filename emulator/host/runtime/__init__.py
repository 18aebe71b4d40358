"""What runs in the function processes: the zygote and the runtime. Imports the standard library alone."""
