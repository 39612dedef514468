@echo off
rem This file has the word help, and prints the exit codes.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

:command
shift /1
goto word_%word%

:word_help
if "%~1"=="exit-codes" goto exit_codes
call :usage
exit /b 0

:exit_codes
echo 0    done
echo 1    failed
echo 2    a wrong argument, or a confirmation that was not given
echo 3    the service or the model is not available
echo 4    Docker or Compose is missing or does not answer
echo 5    the backup is damaged or does not fit this version
echo 6    no space on the disk, or no permission
echo 75   another process is using the histories; try again later
echo 129  the terminal was closed
echo 130  interrupted with Ctrl-C
echo 143  ended with SIGTERM
exit /b 0

:usage
echo Usage: orchestrator.bat COMMAND [ARGUMENT ...]
echo.
echo The service
echo   build               build the image; arguments go to docker build
echo   start               check the machine, start, wait for health, fetch the model: [--gpu nvidia or amd] [--no-pull]
echo   stop                stop the service; histories are kept: [--yes]
echo   restart             stop and start the service: [--yes] and the options of start
echo   status              container, health, resources, model: [--json]
echo   logs                [-f] [--tail N] [SERVICE]
echo   shell               a shell inside the container
echo   doctor              check the machine and the service; shows a remedy for each fault
echo   cleanup             remove the containers; histories are kept: [--volumes] [--models] [--images] [--yes]
echo.
echo The work
echo   interactive         talk to the agents
echo   demo                ask an agent, see a checklist, watch a recorded meeting
echo   examples            small programs that use the library: examples list, run NAME, show NAME
echo   run ...             any orchestrator command, such as: run types list
echo                       Files that it names go into the container and back: run meeting run ... --attach plan.md -o minutes.html
echo                       In PowerShell, name a file after --attach; docs/DEPLOYMENT_GUIDE.md explains pipes there
echo   models              list, pull NAME, show NAME ...
echo.
echo Histories
echo   backup              make a backup in backups\YYYYMMDD_HHMMSS: [--keep N]; backup list, backup verify DIR
echo   restore DIR         replace the histories with a backup: [--check] [--into container or local] [--yes]; restore --undo
echo   migrate-volume      copy the histories from an older stack: [VOLUME] [--yes]
echo.
echo   test                run the tests, in .venv
echo   version             print the version
echo   help                print this text; help exit-codes explains the exit codes
echo.
echo Without a Docker engine, or before the image is built, commands run in a virtual environment in .venv
echo (ORCHESTRATOR_VENV names another folder), which needs Python 3.11 or newer. ORCHESTRATOR_MODE=local always does that.
echo Settings are read from .env; .env.example lists them.
exit /b 0
