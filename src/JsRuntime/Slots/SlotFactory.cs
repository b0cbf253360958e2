using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Remix.JsRuntime.Backend;
using Remix.Platform.Settings;

namespace Remix.JsRuntime.Slots;

/// <summary>What a process is made of: its compiled configuration, the doors it may speak through, and where it listens.</summary>
/// <param name="Data">A directory that it may write to and that outlives it.</param>
/// <param name="RunsAtStart">Whether an author's code runs before it listens.</param>
/// <param name="IsAlone">Whether what it keeps in its directory is one process's at a time: Durable Objects.</param>
internal sealed record SlotPlan(
    string ConfigFile, IReadOnlyList<SlotDoor> Doors, string? Data = null, bool RunsAtStart = false, bool IsAlone = false);

/// <summary>A door by its name in the configuration.</summary>
/// <param name="IsCrowded">Whether other tenants are at work: then a flood is let in slowly.</param>
/// <param name="Waits">Which requests only wait, and so take no place of those that are served at once.</param>
internal sealed record SlotDoor(string Name, RequestDelegate Serve, int AtOnce, Func<bool> IsCrowded, Func<HttpRequest, bool>? Waits = null);

/// <summary>
/// Makes slots, each in a fresh directory below one that belongs to this process. Whatever a server that was killed left
/// behind is swept by the next.
/// </summary>
internal sealed class SlotFactory(RemixSettings settings, SlotPolicy policy, BackServer server, ILogger<SlotFactory> logger) : IDisposable
{
    private const string RootPrefix = "remix-js-";

    private static readonly Lock TrialGate = new();
    private static readonly Dictionary<string, Task<Sandbox.Sandbox>> Trials = new(StringComparer.Ordinal);

    private readonly SemaphoreSlim starting = new(Math.Max(2, Environment.ProcessorCount));
    private readonly Lazy<string> root = new(MakeRoot);
    private int slots;

    /// <summary>Where files lie that slots share. Theirs is a path that every user may walk.</summary>
    public string SharedDirectory => root.Value;

    /// <summary>Whether there is an engine; if not, why.</summary>
    public string? Lack => Workerd.Find(settings) is null ? Workerd.Lack : null;

    /// <summary>The sandbox of this machine, tried once in a process.</summary>
    public Task<Sandbox.Sandbox> Sandbox()
    {
        var workerd = Workerd.Find(settings) ?? throw new JsUnavailableException(Workerd.Lack);
        lock (TrialGate)
        {
            if (!Trials.TryGetValue(workerd, out var trial) || trial.IsFaulted)
            {
                var directory = MakeRoot();
                AppDomain.CurrentDomain.ProcessExit += (_, _) => SlotFiles.Delete(directory);
                Trials[workerd] = trial = Task.Run(() => JsRuntime.Sandbox.Sandbox.Try(workerd, directory));
            }

            return trial;
        }
    }

    /// <summary>Turns a configuration and the files it embeds into the form that starts fastest.</summary>
    public async Task<string> Compile(string name, IReadOnlyDictionary<string, string> files)
    {
        var workerd = Workerd.Find(settings) ?? throw new JsUnavailableException(Workerd.Lack);
        var folder = Path.Combine(root.Value, name);
        Directory.CreateDirectory(folder);
        foreach (var (file, text) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, file), text);
        }

        var start = new ProcessStartInfo(workerd, ["compile", "--config-only", $"{name}.capnp"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        try
        {
            using var process = await Spawner.Start(start);
            var problems = process.StandardError.ReadToEndAsync();
            var compiled = Path.Combine(root.Value, $"{name}.bin");
            await using (var file = File.Create(compiled))
            {
                await process.StandardOutput.BaseStream.CopyToAsync(file);
            }

            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? compiled
                : throw new JsUnavailableException($"workerd does not take its configuration: {await problems}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new JsUnavailableException($"{workerd} does not run: {e.Message}");
        }
    }

    /// <summary>Deletes a configuration that no process runs any more.</summary>
    public void Forget(string name)
    {
        SlotFiles.Delete(Path.Combine(root.Value, name));
        File.Delete(Path.Combine(root.Value, $"{name}.bin"));
    }

    /// <summary>Starts a process for a tenant.</summary>
    public async Task<Slot> Start(string tenant, SlotPlan plan)
    {
        var sandbox = await Sandbox();
        await starting.WaitAsync();
        var directory = Path.Combine(root.Value, Interlocked.Increment(ref slots).ToString(CultureInfo.InvariantCulture));
        var doors = new List<Door>();
        try
        {
            sandbox.MakeDirectory(directory);
            List<string> arguments = ["serve", "--experimental", "--binary", sandbox.Shared(plan.ConfigFile), "--control-fd=1",
                "--socket-addr", $"run=unix:{sandbox.Inside(directory, SlotFiles.Run)}"];
            foreach (var door in plan.Doors)
            {
                var path = Path.Combine(directory, door.Name);
                doors.Add(await server.Open(path, door));
                sandbox.Own(path);
                arguments.AddRange(["--external-addr", $"{door.Name}=unix:{sandbox.Inside(directory, door.Name)}"]);
            }

            if (plan.Data is { } data)
            {
                sandbox.MakeDirectory(data);
                arguments.AddRange(["--directory-path", $"data={sandbox.Data(data)}"]);
            }

            var began = Stopwatch.GetTimestamp();
            var slot = await Slot.Start(tenant, sandbox.Command(directory, [plan.ConfigFile], arguments, plan.Data), directory, doors,
                policy.StartPatience, plan.RunsAtStart);
            slot.IsAlone = plan.IsAlone;
            logger.LogDebug("A process for {Tenant} started in {Milliseconds:0} ms", tenant, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            _ = slot.Gone.ContinueWith(_ => Tell(slot), TaskScheduler.Default);
            return slot;
        }
        catch (Exception e) when (e is IOException or System.ComponentModel.Win32Exception or UnauthorizedAccessException)
        {
            foreach (var door in doors)
            {
                await door.DisposeAsync();
            }

            SlotFiles.Delete(directory);
            throw new JsUnavailableException($"The JavaScript runtime does not start: {e.Message}");
        }
        finally
        {
            starting.Release();
        }
    }

    private void Tell(Slot slot)
    {
        if (slot.Verdict is null)
        {
            logger.LogWarning("The process of {Tenant} ended by itself: {Words}", slot.Tenant, slot.LastWords.Trim());
        }
        else
        {
            logger.LogDebug("The process of {Tenant} was ended: {Verdict}", slot.Tenant, slot.Verdict);
        }
    }

    /// <summary>
    /// Deletes the directories of servers that are no more. A server that is killed in the moment when it starts a process leaves
    /// that behind, since it was not bound to it yet: it is ended here.
    /// </summary>
    public static void Sweep()
    {
        foreach (var directory in Directory.EnumerateDirectories(Path.GetTempPath(), $"{RootPrefix}*"))
        {
            var owner = Path.GetFileName(directory)[RootPrefix.Length..].Split('-')[0];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out var processId) && !Directory.Exists($"/proc/{processId}"))
            {
                ProcessTree.KillIn(directory);
                SlotFiles.Delete(directory);
            }
        }
    }

    private static string MakeRoot()
    {
        var directory = Directory.CreateTempSubdirectory($"{RootPrefix}{Environment.ProcessId}-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        return directory;
    }

    public void Dispose()
    {
        starting.Dispose();
        if (root.IsValueCreated)
        {
            SlotFiles.Delete(root.Value);
        }
    }
}
