# SPDX-License-Identifier: GPL-3.0-or-later
#
# Completion of ipctool for fish. ipctool itself says what may stand in the place of the word
# at the cursor; the head of src/cmd/complete.c tells how.

function __ipctool_complete
	set -l words (commandline -opc)
	set -l token (commandline -ct)
	set -l option (string match -r -- '^--[^=]*=' "$token")
	set -l answer ($words[1] __complete $words[2..] "$token" 2>/dev/null </dev/null)

	switch "$answer[1]"
		case words parts
			printf '%s\n' $answer[2..]
		case files
			__fish_complete_path (string replace -- "$option" '' "$token") |
				string replace -r '^' -- "$option"
		case directories
			__fish_complete_directories (string replace -- "$option" '' "$token") '' |
				string replace -r '^' -- "$option"
		case 'command *'
			set -l first (math 1 + (string replace 'command ' '' $answer[1]))
			complete -C (string join ' ' -- (string escape -- $words[$first..]) "$token")
	end
end

complete -c ipctool -f -a '(__ipctool_complete)'
