@echo off
rem This file has the word cleanup: it asks, then removes the containers and what else the user names.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

:command
shift /1
goto word_%word%

:word_cleanup
set "yes=no"
set "volumes=no"
set "models=no"
set "images=no"
:cleanup_words
if [%1]==[] goto cleanup_now
set "taken=%~1"
shift /1
if "%taken%"=="--yes" set "yes=yes" & goto cleanup_words
if "%taken%"=="-y" set "yes=yes" & goto cleanup_words
if "%taken%"=="--volumes" set "volumes=yes" & goto cleanup_words
if "%taken%"=="--models" set "models=yes" & goto cleanup_words
if "%taken%"=="--images" set "images=yes" & goto cleanup_words
set "cause=cleanup does not accept '%taken%'."
set "remedy=It takes --volumes, --models, --images and --yes."
call :tell 2
exit /b 2
:cleanup_now
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
call :refuse_foreign
if errorlevel 1 exit /b %ERRORLEVEL%
rem The volumes that the container has, or without a container those in the settings; and that of Open WebUI.
call :mounted /app/agent_memories
set "goes=%mount%"
if not defined goes set "goes=%ORCHESTRATOR_DATA_VOLUME%"
call :mounted /app/logs
if not defined mount set "mount=%ORCHESTRATOR_LOGS_VOLUME%"
set "goes=%goes% %mount% %WEBUI_DATA_VOLUME%"
if "%volumes%"=="no" set "goes="
if "%models%"=="yes" set "goes=%goes% %OLLAMA_MODELS_VOLUME%"
call :say "This removes the containers and networks of the project %COMPOSE_PROJECT_NAME%."
for %%V in (%goes%) do call :say_deleted "%%V"
if "%images%"=="yes" call :say "This removes the image %image%."
if "%volumes%"=="yes" goto cleanup_volumes
call :say "The histories in %ORCHESTRATOR_DATA_VOLUME% are kept."
set "wanted=y"
call :agree "The containers will be removed."
if errorlevel 1 exit /b %ERRORLEVEL%
goto cleanup_end
:cleanup_volumes
call :offer_backup
if errorlevel 1 exit /b %ERRORLEVEL%
set "wanted=%COMPOSE_PROJECT_NAME%"
call :agree "All histories will be deleted."
if errorlevel 1 exit /b %ERRORLEVEL%
:cleanup_end
call :agree_to_end cleanup
if errorlevel 1 exit /b %ERRORLEVEL%
call :quietly --profile webui down --remove-orphans
if not errorlevel 1 goto cleanup_check
call :fail 1 "The containers could not be removed." "The lines above show the reason."
exit /b 1
:cleanup_check
call :still_running
if not defined left goto cleanup_goes
call :fail 1 "Still running: %left%" "Remove it: docker rm -f %left%"
exit /b 1
:cleanup_goes
set "stuck="
for %%V in (%goes%) do call :remove_volume "%%V"
if not defined stuck goto cleanup_image
call :fail 1 "The volume %stuck% could not be deleted." "Another container uses it: docker ps -a --filter volume=%stuck%"
exit /b 1
:cleanup_image
if "%images%"=="no" goto cleanup_done
docker image inspect "%image%" >nul 2>&1
if errorlevel 1 goto cleanup_done
docker image rm "%image%" >nul
if not errorlevel 1 goto cleanup_done
call :fail 1 "The image %image% could not be removed." "Remove the containers that use it: docker ps -a --filter ancestor=%image%"
exit /b 1
:cleanup_done
call :say "Done."
exit /b 0

:say_deleted
docker volume inspect %1 >nul 2>&1
if errorlevel 1 exit /b 0
set "size=size unknown"
for /f "tokens=1" %%S in ('docker run --rm --network none -v "%~1:/v:ro" --user 0 --entrypoint du "%image%" -sh /v 2^>nul') do set "size=%%S"
call :say "This deletes the volume %~1 (%size%)."
exit /b 0

:remove_volume
docker volume inspect %1 >nul 2>&1
if errorlevel 1 exit /b 0
docker volume rm %1 >nul
if errorlevel 1 set "stuck=%~1"
exit /b 0

:offer_backup
if "%yes%"=="yes" exit /b 0
docker volume inspect "%ORCHESTRATOR_DATA_VOLUME%" >nul 2>&1
if errorlevel 1 exit /b 0
call :has_keyboard
if errorlevel 1 exit /b 0
set "typed="
set /p "typed=Make a backup first? [Y/n] " 1>&2
if /i "%typed%"=="n" exit /b 0
if /i "%typed%"=="no" exit /b 0
call :word_backup
if not errorlevel 1 exit /b 0
call :fail 1 "The backup failed, so nothing was deleted." "Try orchestrator.bat backup, or answer n."
exit /b 1

rem ---- in other parts ----

:word_backup
set "entry=%0"
"%parts%\backup.bat" %*

:need_compose
:quietly
set "entry=%0"
"%parts%\engine.bat" %*

:refuse_foreign
:still_running
set "entry=%0"
"%parts%\project.bat" %*

:agree_to_end
set "entry=%0"
"%parts%\running.bat" %*

:tell
:say
:agree
:fail
:has_keyboard
set "entry=%0"
"%parts%\say.bat" %*

:mounted
set "entry=%0"
"%parts%\volumes.bat" %*
