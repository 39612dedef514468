@echo off
rem This file knows the volumes of the service and of older stacks; it has the word migrate-volume.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

:command
shift /1
goto word_%word%

rem Sets older to the volumes whose names begin with the name of an older project.
:older_volumes
set "older="
for /f "delims=" %%V in ('docker volume ls --quiet --filter name^=_orchestrator_data 2^>nul') do (set "it=%%V" & call :older_volume)
exit /b 0
:older_volume
if not "%it:~-18%"=="_orchestrator_data" exit /b 0
if not "%it%"=="%ORCHESTRATOR_DATA_VOLUME%" call :add_older
exit /b 0

:add_older
if defined older set "older=%older% %it%"
if not defined older set "older=%it%"
exit /b 0

rem is_empty_volume NAME: whether a volume is missing or has no files.
:is_empty_volume
docker volume inspect %1 >nul 2>&1
if errorlevel 1 exit /b 0
set "seen="
for /f "delims=" %%F in ('docker run --rm --network none --user 0 -v "%~1:/v:ro" --entrypoint ls "%image%" -A /v 2^>nul') do set "seen=%%F"
if defined seen exit /b 1
exit /b 0

rem has_no_histories NAME: whether a volume is missing, or nothing was stored in it yet, such as after a first start.
:has_no_histories
docker volume inspect %1 >nul 2>&1
if errorlevel 1 exit /b 0
set "seen="
for /f "delims=" %%F in ('docker run --rm --network none --user 0 -v "%~1:/v:ro" -v "%here%\agents:/app/agents:ro" "%image%" backup empty /v 2^>nul') do set "seen=%%F"
if "%seen%"=="yes" exit /b 0
exit /b 1

:old_stack
call :older_volumes
for /f "tokens=1" %%V in ("%older%") do set "older=%%V"
if not defined older exit /b 0
call :has_no_histories "%ORCHESTRATOR_DATA_VOLUME%"
if errorlevel 1 exit /b 0
call :is_empty_volume "%older%"
if not errorlevel 1 exit /b 0
call :say "The volume %older% contains the histories of an older stack. To copy them: orchestrator.bat migrate-volume %older%"
exit /b 0

:word_migrate-volume
set "yes=no"
set "from="
:migrate_words
if [%1]==[] goto migrate_now
set "taken=%~1"
shift /1
if "%taken%"=="--yes" set "yes=yes" & goto migrate_words
if "%taken%"=="-y" set "yes=yes" & goto migrate_words
if not "%taken:~0,1%"=="-" set "from=%taken%" & goto migrate_words
set "cause=migrate-volume does not accept '%taken%'."
set "remedy=It takes the name of a volume and --yes."
call :tell 2
exit /b 2
:migrate_now
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
call :need_image
if errorlevel 1 exit /b %ERRORLEVEL%
if defined from goto migrate_look
call :older_volumes
for /f "tokens=1,2" %%V in ("%older%") do (set "from=%%V" & set "second=%%W")
if not defined from call :fail 1 "There is no volume of an older stack." "Give its name: orchestrator.bat migrate-volume VOLUME"
if not defined from exit /b 1
if defined second call :fail 2 "There are several volumes of older stacks: %older%" "Give the name of one of them."
if defined second exit /b 2
:migrate_look
if not "%from%"=="%ORCHESTRATOR_DATA_VOLUME%" goto migrate_known
call :fail 2 "%from% is the volume in use." "Give the name of another one; to list all volumes: docker volume ls"
exit /b 2
:migrate_known
docker volume inspect "%from%" >nul 2>&1
if not errorlevel 1 goto migrate_busy
set "cause=There is no volume '%from%'."
set "remedy=To list all volumes: docker volume ls"
call :tell 2
exit /b 2
:migrate_busy
set "user="
for /f "delims=" %%C in ('docker ps --quiet --filter "volume=%from%"') do set "user=%%C"
if not defined user goto migrate_from
call :fail 75 "A running container uses the volume %from%." "Stop the older stack first."
exit /b 75
:migrate_from
call :is_empty_volume "%from%"
if errorlevel 1 goto migrate_to
call :fail 1 "The volume %from% is empty." "To list all volumes: docker volume ls"
exit /b 1
:migrate_to
call :has_no_histories "%ORCHESTRATOR_DATA_VOLUME%"
if not errorlevel 1 goto migrate_agree
call :fail 1 "The volume %ORCHESTRATOR_DATA_VOLUME% already contains histories." "They are not overwritten: make a backup, then run orchestrator.bat cleanup --volumes."
exit /b 1
:migrate_agree
set /a unread=0
for /f "usebackq delims=" %%F in (`docker run --rm --network none --user 0 -v "%from%:/v:ro" --entrypoint python "%image%" -c "%count_old%" 2^>nul`) do set /a unread=%%F
if %unread% GTR 0 call :say "%from% has the memory of an earlier program (JSON files: %unread%). It is copied, but this version does not read it."
set "wanted=y"
call :agree "The files in %from% are copied to %ORCHESTRATOR_DATA_VOLUME%; %from% is not changed."
if errorlevel 1 exit /b %ERRORLEVEL%
call :state
if not "%now%"=="running" goto migrate_copy
call :agree_to_end "the migration"
if errorlevel 1 exit /b %ERRORLEVEL%
call :state
docker stop "%container%" >nul
:migrate_copy
set "user="
for /f "delims=" %%C in ('docker ps --quiet --filter "volume=%ORCHESTRATOR_DATA_VOLUME%"') do set "user=%%C"
if not defined user goto migrate_volume
call :fail 75 "A running container uses the volume %ORCHESTRATOR_DATA_VOLUME%." "Wait until it has ended, then try again."
exit /b 75
:migrate_volume
docker volume inspect "%ORCHESTRATOR_DATA_VOLUME%" >nul 2>&1
if errorlevel 1 %compose% run --rm -T --no-deps --entrypoint true multi_agent_orchestrator <nul
docker run --rm --network none --user 0 -v "%from%:/from:ro" -v "%ORCHESTRATOR_DATA_VOLUME%:/to" --entrypoint sh "%image%" -ec "%copy_volume%"
set "code=%ERRORLEVEL%"
if "%now%"=="running" docker start "%container%" >nul
if "%code%"=="0" call :say "Copied and compared."
if "%code%"=="0" exit /b 0
call :fail 1 "The copy is not complete." "%from% was not changed; check the free disk space and try again."
exit /b 1

rem mounted FOLDER: sets mount to the volume that the container of the service has at a folder.
:mounted
set "mount="
for /f "delims=" %%V in ('docker inspect --type container --format "{{range .Mounts}}{{if eq .Destination `%1`}}{{.Name}}{{end}}{{end}}" "%container%" 2^>nul') do set "mount=%%V"
exit /b 0

rem Compose keeps a container whose volumes have got other names in the settings, with the old volumes. It is removed, so
rem that the next one has the volumes of the settings. Volumes are kept.
:change_volumes
call :mounted /app/agent_memories
if not defined mount exit /b 0
if "%mount%"=="%ORCHESTRATOR_DATA_VOLUME%" goto change_logs
call :say "The container used the volume %mount%; from now on it uses %ORCHESTRATOR_DATA_VOLUME%, as set. %mount% is kept."
call :say "To copy its histories: orchestrator.bat migrate-volume %mount%"
docker rm -f "%container%" >nul
exit /b 0
:change_logs
call :mounted /app/logs
if not defined mount exit /b 0
if "%mount%"=="%ORCHESTRATOR_LOGS_VOLUME%" exit /b 0
call :say "The container used the volume %mount%; from now on it uses %ORCHESTRATOR_LOGS_VOLUME%, as set. %mount% is kept."
docker rm -f "%container%" >nul
exit /b 0

rem ---- in other parts ----

:need_compose
set "entry=%0"
"%parts%\engine.bat" %*

:need_image
set "entry=%0"
"%parts%\image.bat" %*

:state
:agree_to_end
set "entry=%0"
"%parts%\running.bat" %*

:say
:tell
:fail
:agree
set "entry=%0"
"%parts%\say.bat" %*
