"""The service: HTTP on one port, read-only, for whoever watches the process.

``/health`` says that it runs, ``/ready`` that it could work, ``/status`` what there is. It stands on the same
orchestrator as the command line; nothing can be changed through it.
"""
