using System.CommandLine;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer completion</c>: the scripts by which shells complete commands, options and names.</summary>
internal static class CompletionCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new("completion", "Prints the script by which a shell completes commands, options and names.")
    {
        Shell("bash", "source <(latecomer completion bash), or keep it in ~/.local/share/bash-completion/completions/latecomer", Bash),
        Shell("zsh", "keep it as _latecomer in a folder of $fpath, or: source <(latecomer completion zsh)", Zsh),
        Shell("fish", "latecomer completion fish > ~/.config/fish/completions/latecomer.fish", Fish),
    };

    // Bash takes words apart at colons and equals signs, too, of which run ids have some: the whole line is told, and what stands before the last such sign is left out.
    private const string Bash = """
        # Completion of latecomer for bash: source <(latecomer completion bash)
        _latecomer() {
          local line=${COMP_LINE:0:COMP_POINT} value description
          local word=${line##*[[:space:]]}
          local before=${word%"${word##*[:=]}"}
          COMPREPLY=()
          while IFS=$'\t' read -r value description; do
            if [ "$value" = :files ]; then
              compopt -o default
              return
            fi
            COMPREPLY+=("${value#"$before"}")
          done < <("${COMP_WORDS[0]}" __complete --line "$line" 2>/dev/null)
        }
        complete -F _latecomer latecomer
        """;

    private const string Zsh = """
        #compdef latecomer
        # Completion of latecomer for zsh: source <(latecomer completion zsh)
        _latecomer() {
          local -a candidates
          local line value
          while IFS= read -r line; do
            if [[ $line == :files ]]; then
              _files
              return
            fi
            value=${line%%$'\t'*}
            candidates+=("${value//:/\\:}:${line#*$'\t'}")
          done < <("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
          _describe -V latecomer candidates
        }
        if [[ $funcstack[1] == _latecomer ]]; then
          _latecomer "$@"
        else
          compdef _latecomer latecomer
        fi
        """;

    private const string Fish = """
        # Completion of latecomer for fish: latecomer completion fish | source
        function __latecomer_complete
            set -l words (commandline -opc)
            set -l candidates ($words[1] __complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
            if test "$candidates" = ":files"
                __fish_complete_path (commandline -ct)
            else
                printf '%s\n' $candidates
            end
        end
        complete -c latecomer -f -k -a '(__latecomer_complete)'
        """;

    private static Command Shell(string name, string how, string script)
    {
        var command = new Command(name, $"For {name}: {how}.");
        command.SetAction(_ =>
        {
            Console.WriteLine(script);
            return ExitCode.Ok;
        });
        return command;
    }
}
