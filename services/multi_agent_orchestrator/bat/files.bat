@echo off
rem This file sends files of the caller into the container, which has its own files only, and takes them back.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

rem Gives the program the file that a word of the user names, the files that it matches, or a folder after --attach.
:give_word
set "after=%before%"
set "before=%it%"
if not defined it exit /b 0
if "%after%"=="-o" goto give_output
if "%after%"=="--output" goto give_output
if not exist "%it%" exit /b 0
if not "%it:?=%"=="%it%" goto give_matches
for /f "tokens=1* delims=*" %%S in ("x%it%x") do if not "%%T"=="" goto give_matches
for %%D in ("%it%") do set "marks=%%~aD"
if "%marks:~0,1%"=="d" goto give_folder
:give_it
for %%D in ("%it%") do (set "full=%%~fD" & set "bytes=%%~zD")
if not defined bytes exit /b 0
rem Eight digits are less than 100 MB.
set "padded=%bytes%........"
if "%padded:~8,1%"=="." goto give_bytes
set "cause=%it% is larger than 100 MB."
set "remedy=Attach the part that matters."
set "code=2"
call :tell 2
exit /b 0
:give_bytes
set "ORCHESTRATOR_FILE=%it%"
docker exec -i -e ORCHESTRATOR_CALL -e ORCHESTRATOR_FILE "%container%" python -c "%give_file%" <"%full%"
if errorlevel 1 set "code=1"
set "given=yes"
exit /b 0
:give_matches
for %%D in ("%it%") do (set "it=%%~D" & call :give_it)
exit /b 0
:give_folder
if "%after%"=="-a" goto give_packed
if not "%after%"=="--attach" exit /b 0
:give_packed
for %%D in ("%it%") do set "full=%%~fD"
if "%full:~-1%"=="\" set "full=%full:~0,-1%"
set "ORCHESTRATOR_FILE=%it%"
set "packed=%TEMP%\orchestrator-%ORCHESTRATOR_CALL%.tar"
"%tar%" -cf "%packed%" -C "%full%" .
docker exec -i -e ORCHESTRATOR_CALL -e ORCHESTRATOR_FILE "%container%" python -c "%give_folder%" <"%packed%"
if errorlevel 1 set "code=1"
del /q "%packed%"
set "given=yes"
exit /b 0
:give_output
if "%it%"=="-" exit /b 0
for %%D in ("%it%") do (set "full=%%~fD" & set "above=%%~dpD" & set "marks=%%~aD")
set "why="
if not exist "%above%" set "why=there is no such folder"
if "%marks:~0,1%"=="d" set "why=it is a folder"
if "%marks:~1,1%"=="r" set "why=it may only be read"
if not defined why if not exist "%it%" call :try_to_write
if defined why goto no_output
set /a outputs+=1
set "output_%outputs%=%it%"
if exist "%it%" goto give_it
set "ORCHESTRATOR_FILE=."
docker exec -e ORCHESTRATOR_CALL -e ORCHESTRATOR_FILE "%container%" python -c "%call_file%; root.mkdir(exist_ok=True)"
set "given=yes"
exit /b 0
:no_output
set "cause=%it% cannot be written: %why%."
set "remedy=Give a file in an existing folder."
set "code=6"
call :tell 6
exit /b 0
:try_to_write
type nul >"%full%" 2>nul
if not exist "%full%" set "why=no permission"
if exist "%full%" del /q "%full%"
exit /b 0

rem Takes the files that the program has written, and removes the copies in the container.
:take_files
if defined outputs for /f "tokens=1* delims==" %%A in ('set output_') do (set "it=%%B" & call :take_file)
:forget_files
if defined given docker exec -e ORCHESTRATOR_CALL "%container%" python -c "%forget_call%" >nul 2>&1
exit /b 0
:take_file
for %%D in ("%it%") do set "full=%%~fD"
set "ORCHESTRATOR_FILE=%it%"
docker exec -e ORCHESTRATOR_CALL -e ORCHESTRATOR_FILE "%container%" python -c "%take_file%" >"%full%.part" 2>nul
if errorlevel 1 del /q "%full%.part" & exit /b 0
move /y "%full%.part" "%full%" >nul
if errorlevel 1 call :say "The file was not written: %full%. It is in %full%.part"
exit /b 0

rem ---- in other parts ----

:tell
:say
set "entry=%0"
"%parts%\say.bat" %*
