"""How the program meets the machine: logs, certificates, addresses, the listening socket."""
