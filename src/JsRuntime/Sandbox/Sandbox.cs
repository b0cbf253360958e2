using System.Diagnostics;
using System.Runtime.InteropServices;
using Remix.JsRuntime.Slots;

namespace Remix.JsRuntime.Sandbox;

/// <summary>
/// How a tenant's process is started: workerd behind as many layers as this machine has. Each layer was tried before it
/// is used, and <see cref="Missing"/> says which are lacking, and what would help.
/// </summary>
internal sealed class Sandbox
{
    /// <summary>Less crashes workerd under ordinary load.</summary>
    private const long DataBytesMax = 1280L * 1024 * 1024;

    private const int FilesMax = 4096;
    private const long FileBytesMax = 1024L * 1024 * 1024;

    /// <summary>The user that nobody is, by its number everywhere.</summary>
    private const int NobodyId = 65534;

    private const string OfferItself = "echo 1000 2>/dev/null >/proc/self/oom_score_adj; ";

    private const string InsideDirectory = "/slot", DataDirectory = "/data";
    private static readonly TimeSpan TrialPatience = TimeSpan.FromSeconds(20);

    private readonly string workerd;
    private readonly string directory;
    private readonly List<string> libraries = [];
    private readonly HashSet<Layer> layers = [];
    private readonly List<string> missing = [];

    private Sandbox(string workerd, string directory) => (this.workerd, this.directory) = (workerd, directory);

    private enum Layer
    {
        Nice,
        Limits,
        DiesWithParent,
        Namespaces,
        SystemCalls,
        Nobody,
    }

    /// <summary>The lacking layers, each a sentence.</summary>
    public IReadOnlyList<string> Missing => missing;

    private string FilterFile => Path.Combine(directory, "seccomp.bpf");

    /// <summary>Tries each layer with the real binary. Files that slots share lie in <paramref name="directory"/>.</summary>
    public static async Task<Sandbox> Try(string workerd, string directory)
    {
        var sandbox = new Sandbox(workerd, directory);
        if (await sandbox.Trial() is { } problem)
        {
            throw new JsUnavailableException($"{workerd} does not run: {problem}");
        }

        await sandbox.FindLibraries();
        if (SeccompFilter.Build() is { } filter)
        {
            await File.WriteAllBytesAsync(sandbox.FilterFile, filter);
        }

        await sandbox.Add(Layer.Nice, "processes run at the server's own priority: 'nice' is missing");
        await sandbox.Add(Layer.Limits, "memory outside of the JavaScript heap has no bound: 'prlimit' (Debian: util-linux) is missing");
        await sandbox.Add(Layer.Namespaces, "processes see this machine's files, network and processes: 'bwrap' (Debian: bubblewrap) is "
            + "missing, or the kernel denies it user namespaces");
        await sandbox.Add(Layer.SystemCalls, "no system call is filtered: that takes bwrap, and x86-64 or arm64");
        if (!sandbox.layers.Contains(Layer.Namespaces))
        {
            await sandbox.Add(Layer.DiesWithParent, "processes outlive a server that is killed: 'setpriv' (Debian: util-linux) is missing");
        }

        if (Environment.IsPrivilegedProcess)
        {
            await sandbox.Add(Layer.Nobody, "processes run as this server's user, which is root: 'setpriv' is missing, the kernel denies "
                + "user namespaces, or workerd lies where nobody else may look");
        }

        return sandbox;
    }

    /// <summary>Makes a slot's directory, which belongs to the user that the process will be.</summary>
    public void MakeDirectory(string path)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Own(path);
    }

    /// <summary>Gives a file of ours in a slot's directory to the process's user.</summary>
    public void Own(string path)
    {
        if (layers.Contains(Layer.Nobody) && Chown(path, NobodyId, NobodyId) != 0)
        {
            throw new IOException($"{path} cannot be given to another user: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Where the process finds what lies in its slot's directory.</summary>
    public string Inside(string slot, string file) => Path.Combine(layers.Contains(Layer.Namespaces) ? InsideDirectory : slot, file);

    /// <summary>Where the process finds the directory that it may write to and that outlives it.</summary>
    public string Data(string path) => layers.Contains(Layer.Namespaces) ? DataDirectory : path;

    /// <summary>The command that runs workerd in a slot's directory, with read-only files beside it.</summary>
    public ProcessStartInfo Command(string slot, IReadOnlyList<string> shared, IEnumerable<string> arguments, string? data = null)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = slot,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

        // The shell does what a new process of .NET cannot: it opens the filter as descriptor 3, and offers itself to the kernel
        // as the first to go when a machine is out of memory.
        var filtered = layers.Contains(Layer.SystemCalls);
        foreach (var word in (string[])["-c", $"{OfferItself}exec \"$@\"{(filtered ? " 3<\"$0\"" : "")}", FilterFile])
        {
            start.ArgumentList.Add(word);
        }

        foreach (var word in Prefix(slot, shared, data).Append(layers.Contains(Layer.Namespaces) ? "/workerd" : workerd).Concat(arguments))
        {
            start.ArgumentList.Add(word);
        }

        return start;
    }

    /// <summary>Where the process finds a file that slots share.</summary>
    public string Shared(string path) => layers.Contains(Layer.Namespaces) ? $"/shared/{Path.GetFileName(path)}" : path;

    private IEnumerable<string> Prefix(string slot, IReadOnlyList<string> shared, string? data)
    {
        if (layers.Contains(Layer.Nice))
        {
            foreach (var word in (string[])["nice", "-n", $"{ProcessPriority.Usual.Niceness}"]) yield return word;
        }

        if (layers.Contains(Layer.Limits))
        {
            string[] limits = ["prlimit", $"--data={DataBytesMax}", $"--nofile={FilesMax}", "--core=0", $"--fsize={FileBytesMax}"];
            foreach (var word in limits) yield return word;
        }

        var privileges = Privileges().ToList();
        foreach (var word in privileges.Count > 0 ? privileges.Prepend("setpriv") : []) yield return word;
        foreach (var word in layers.Contains(Layer.Namespaces) ? Namespaces(slot, shared, data) : []) yield return word;
    }

    private IEnumerable<string> Privileges()
    {
        if (layers.Contains(Layer.Nobody))
        {
            foreach (var word in (string[])[$"--reuid={NobodyId}", $"--regid={NobodyId}", "--clear-groups"]) yield return word;
        }

        if (layers.Contains(Layer.DiesWithParent))
        {
            foreach (var word in (string[])["--pdeathsig=KILL", "--no-new-privs"]) yield return word;
        }
    }

    private IEnumerable<string> Namespaces(string slot, IReadOnlyList<string> shared, string? data)
    {
        List<string> words =
        [
            "bwrap", "--unshare-all", "--die-with-parent", "--as-pid-1", "--new-session", "--cap-drop", "ALL", "--clearenv",
            "--ro-bind", workerd, "/workerd", "--bind", slot, InsideDirectory, "--chdir", InsideDirectory, "--dev", "/dev",
        ];
        foreach (var library in libraries)
        {
            words.AddRange(["--ro-bind", library, library]);
        }

        foreach (var file in shared)
        {
            words.AddRange(["--ro-bind", file, Shared(file)]);
        }

        if (data is not null)
        {
            words.AddRange(["--bind", data, DataDirectory]);
        }

        words.AddRange(["--remount-ro", "/"]);
        return layers.Contains(Layer.SystemCalls) ? [.. words, "--seccomp", "3"] : words;
    }

    /// <summary>The files that the binary's loader opens: <c>ldd</c> says them; without it, all that a system keeps for it.</summary>
    private async Task FindLibraries()
    {
        var start = new ProcessStartInfo("ldd") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(workerd);
        var (code, output) = await Output(start);
        var found = output.Split('\n').Select(line => line.Split("=>")[^1].Trim().Split(' ')[0]).Where(File.Exists);
        libraries.AddRange(code == 0 ? found : new[] { "/lib", "/lib64", "/usr/lib", "/usr/lib64" }.Where(Directory.Exists));
    }

    private async Task Add(Layer layer, string lack)
    {
        layers.Add(layer);
        if ((layer == Layer.SystemCalls && !(layers.Contains(Layer.Namespaces) && File.Exists(FilterFile))) || !await Works())
        {
            layers.Remove(layer);
            missing.Add(lack);
        }
    }

    private async Task<bool> Works() => await Trial() is null;

    /// <summary>Runs the binary within the layers so far; null when it does, otherwise what it says.</summary>
    private async Task<string?> Trial()
    {
        var trial = Path.Combine(directory, "trial");
        try
        {
            MakeDirectory(trial);
            var (code, output) = await Output(Command(trial, [], ["--version"]));
            return code == 0 ? null : output.Trim();
        }
        catch (IOException e)
        {
            return e.Message;
        }
        finally
        {
            Directory.Delete(trial, recursive: true);
        }
    }

    private static async Task<(int Code, string Output)> Output(ProcessStartInfo start)
    {
        try
        {
            using var process = await Spawner.Start(start);
            using var patience = new CancellationTokenSource(TrialPatience);
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(patience.Token);
                var problems = process.StandardError.ReadToEndAsync(patience.Token);
                await Task.WhenAll(output, problems, process.WaitForExitAsync(patience.Token));
                return (process.ExitCode, process.ExitCode == 0 ? await output : await problems);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return (-1, $"it did not end within {TrialPatience.TotalSeconds:0} s");
            }
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message);
        }
    }

    [DllImport("libc", EntryPoint = "chown", SetLastError = true)]
    private static extern int Chown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int user, int group);
}
