"""The shell: clock, network, processes, schedule, terminal. No SQL, no parsing."""
