using System.Diagnostics;
using System.Globalization;
using Remix.JsRuntime;
using Remix.JsRuntime.Slots;
using Remix.Platform.Settings;
using Remix.Tests.Support;

namespace Remix.Tests.JsRuntime;

/// <summary>What a tenant's process is kept from, and that none outlives its use.</summary>
public sealed class SandboxTests(Engine engine) : IClassFixture<Engine>
{
    private const string Quick = "export default () => ({ ok: true })";

    [Fact]
    public async Task The_process_sees_its_own_directory_and_the_engine_and_nothing_else()
    {
        var inner = await Inner("sees");

        var entries = Directory.EnumerateFileSystemEntries($"/proc/{inner}/root").Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Empty(entries.Except(["dev", "lib", "lib64", "shared", "slot", "usr", "workerd"], StringComparer.Ordinal));
        var files = Directory.EnumerateFiles($"/proc/{inner}/root/slot").Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(["egress", "host", "run.sock"], files);
        Assert.DoesNotContain("passwd", Directory.EnumerateFiles($"/proc/{inner}/root", "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_process_has_no_rights_no_environment_and_no_network()
    {
        var inner = await Inner("rights");
        var status = File.ReadLines($"/proc/{inner}/status").Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim(),
            StringComparer.Ordinal);

        Assert.Equal("0000000000000000", status["CapEff"]);
        Assert.Equal("0000000000000000", status["CapBnd"]);
        Assert.Equal("1", status["NoNewPrivs"]);
        Assert.Equal("2", status["Seccomp"]);
        var environment = (await File.ReadAllTextAsync($"/proc/{inner}/environ")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(environment, pair => Assert.StartsWith("PWD=", pair, StringComparison.Ordinal));
        var devices = File.ReadLines($"/proc/{inner}/net/dev").Skip(2).Select(line => line.Split(':')[0].Trim());
        Assert.Equal(["lo"], devices);
        var limit = File.ReadLines($"/proc/{inner}/limits").Single(line => line.StartsWith("Max data size", StringComparison.Ordinal));
        Assert.Contains("1342177280", limit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tenants_have_processes_and_directories_of_their_own()
    {
        var (one, two) = (await Inner("tenant-one"), await Inner("tenant-two"));

        Assert.NotEqual(one, two);
        Assert.NotEqual(Link(one, "mnt"), Link(two, "mnt"));
        Assert.NotEqual(Link(one, "pid"), Link(two, "pid"));

        static string? Link(int process, string kind) => new FileInfo($"/proc/{process}/ns/{kind}").LinkTarget;
    }

    /// <summary>A server killed in the moment when it starts a process leaves it behind, bound to nobody.</summary>
    [Fact]
    public async Task What_a_killed_server_left_running_is_ended_by_the_next_start()
    {
        using var gone = Process.Start("true");
        await gone.WaitForExitAsync();
        var directory = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"remix-js-{gone.Id}-orphan")).FullName;
        var slot = Directory.CreateDirectory(Path.Combine(directory, "1")).FullName;
        string[] words = ["--unshare-all", "--ro-bind", "/", "/", "--bind", slot, "/mnt", "sleep", "60"];
        using var inside = Process.Start(new ProcessStartInfo("bwrap", words))!;
        using var outside = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 60; true", $"run=unix:{slot}/run.sock"]))!;
        using var other = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 60; true", "run=unix:/tmp/remix-js-none/1/run.sock"]))!;
        await Patience.Until(() => Task.FromResult(File.ReadAllText($"/proc/{ProcessTree.Innermost(inside.Id)}/cmdline")),
            line => line.StartsWith("sleep", StringComparison.Ordinal));

        SlotFactory.Sweep();

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await Task.WhenAll(inside.WaitForExitAsync(patience.Token), outside.WaitForExitAsync(patience.Token));
        Assert.False(other.HasExited);
        Assert.False(Directory.Exists(directory));
        other.Kill(entireProcessTree: true);
    }

    [Fact]
    public async Task The_one_unused_for_longest_makes_room()
    {
        await using var own = new Engine(new SlotPolicy { LiveMax = 2 });
        await own.Value(Quick, tenant: "a");
        using var first = await own.Rent("a");
        first.Dispose();
        await own.Value(Quick, tenant: "b");
        await own.Value(Quick, tenant: "c");

        await first.Slot.Gone;
        var values = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => own.Value(Quick, tenant: $"t{n % 5}")));

        Assert.Equal(12, values.Length);
    }

    [Fact]
    public async Task What_idles_is_ended_and_what_is_wanted_again_starts_again()
    {
        await using var own = new Engine(new SlotPolicy { IdleMax = TimeSpan.Zero, WatchEvery = TimeSpan.FromMilliseconds(10) });
        await own.Value(Quick, tenant: "idle");
        var lease = await own.Rent("idle");
        lease.Dispose();
        await Patience.Until(() =>
        {
            own.Pool.Watch();
            return Task.FromResult(lease.Slot.Gone.IsCompleted);
        }, gone => gone);

        Assert.True((await own.Value(Quick, tenant: "idle")).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_process_that_holds_too_many_codes_is_replaced()
    {
        await using var own = new Engine(new SlotPolicy { CodeKeysMax = 2 });
        var slots = new HashSet<int>();
        for (var n = 0; n < 6; n++)
        {
            await own.Value($"export default () => ({{ n: {n} }})");
            using var lease = await own.Rent("ws-a");
            slots.Add(lease.Slot.ProcessId);
        }

        Assert.InRange(slots.Count, 2, 6);
    }

    [Fact]
    public async Task When_the_runtime_stops_no_process_and_no_directory_is_left()
    {
        var own = new Engine();
        await own.Value(Quick, tenant: "last");
        var shared = own.Service<SlotFactory>().SharedDirectory;
        using var lease = await own.Rent("last");
        var process = lease.Slot.ProcessId;
        lease.Dispose();

        await own.DisposeAsync();

        Assert.False(Directory.Exists(shared));
        Assert.False(Directory.Exists($"/proc/{process}"));
    }

    [Fact]
    public async Task Without_an_engine_a_run_says_what_is_missing()
    {
        await using var own = new Engine(null, settings => settings with { Workerd = "/nowhere/workerd" });

        var result = await own.Run(Quick);

        Assert.Equal(JsOutcome.Unavailable, result.Outcome);
        Assert.Contains("REMIX_WORKERD", result.Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_engine_is_named_and_tried_again()
    {
        var folder = Directory.CreateTempSubdirectory("remix-engine-");
        var file = Path.Combine(folder.FullName, "workerd");
        await File.WriteAllTextAsync(file, "junk");
        await using var own = new Engine(null, settings => settings with { Workerd = file });

        var first = await own.Run(Quick);
        Assert.Equal(JsOutcome.Unavailable, first.Outcome);
        Assert.Contains($"{file} does not run", first.Error?.Message, StringComparison.Ordinal);

        File.Copy(Workerd.Find(new RemixSettings())!, file, overwrite: true);
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        Assert.True((await own.Value(Quick)).GetProperty("ok").GetBoolean());
        folder.Delete(recursive: true);
    }

    /// <summary>The process inside of the sandbox: the last of the line that the slot's process begins.</summary>
    private async Task<int> Inner(string tenant)
    {
        Assert.SkipUnless((await engine.Service<SlotFactory>().Sandbox()).Missing.Count == 0, "This machine's sandbox lacks a layer");
        await engine.Value(Quick, tenant: tenant);
        using var lease = await engine.Rent(tenant);
        var process = lease.Slot.ProcessId;
        while (await File.ReadAllTextAsync($"/proc/{process}/task/{process}/children") is { Length: > 0 } children)
        {
            process = int.Parse(children.Trim().Split(' ')[0], CultureInfo.InvariantCulture);
        }

        return process;
    }
}
