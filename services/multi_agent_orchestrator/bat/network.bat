@echo off
rem This file makes the front network of the project again where its addresses have changed.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

rem Sets network to the front network of the project if it was made with another subnet, or by a version without one.
:other_network
set "network="
for /f "delims=" %%N in ('docker network ls --quiet --filter "label=com.docker.compose.project=%COMPOSE_PROJECT_NAME%" --filter label^=com.docker.compose.network^=front-tier 2^>nul') do set "network=%%N"
if not defined network exit /b 0
set "made="
for /f "delims=" %%G in ('docker network inspect --format "{{range .IPAM.Config}}{{index .AuxAddress `DefaultGatewayIPv4`}}{{end}}" %network% 2^>nul') do set "made=%%G"
if "%made%"=="%gateway%" set "network="
exit /b 0

rem Removes such a network with the container of the service, so that the next start makes both again.
:renew_network
call :other_network
if not defined network exit /b 0
%compose% rm --stop --force multi_agent_orchestrator >nul 2>&1
docker network rm %network% >nul
if not errorlevel 1 exit /b 0
call :fail 1 "The network of an earlier start could not be removed." "Stop the service first: orchestrator.bat stop"
exit /b 1

rem ---- in other parts ----

:fail
set "entry=%0"
"%parts%\say.bat" %*
