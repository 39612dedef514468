"""The service: HTTP on one port, read only, for monitoring.

``/health`` tells whether the process runs, ``/ready`` whether a command could work, ``/status`` the numbers of agents,
meetings and actions. It uses the same orchestrator as the command line; nothing can be changed through it.
"""
