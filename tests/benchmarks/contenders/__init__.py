"""The contenders: a module each, with `check(task)`, which gives how many rows break each rule, and `PACKAGES`, its versions."""
