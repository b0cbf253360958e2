using System.Diagnostics;
using System.Text.RegularExpressions;
using Remix.Tests.Support;

namespace Remix.Tests.Creations;

/// <summary>The script that every published page begins with, where no browser is needed to see what it does.</summary>
public class BridgeTests(World world) : IClassFixture<World>
{
    private const string Window = """
        const vm = require('vm'), assert = require('assert');
        const script = require('fs').readFileSync(0, 'utf8');
        const open = (storage) => {
          const window = { };
          window.self = window.parent = window;
          for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get: storage, configurable: true });
          const page = vm.createContext(window);
          vm.runInContext(script, page);
          return (code) => vm.runInContext(code, page);
        };
        """;

    [Fact]
    public async Task A_page_without_an_origin_has_a_storage_that_lasts_as_long_as_it_does() => await Run("""
        const page = open(() => { throw new Error('SecurityError'); });
        assert.equal(page(`localStorage.getItem('a')`), null);
        page(`localStorage.setItem('a', 1); localStorage.b = 'two'; sessionStorage.setItem('length', 'long')`);
        assert.deepEqual(page(`[localStorage.getItem('a'), localStorage.a, localStorage.getItem('b'), localStorage.length]`).join(), '1,1,two,2');
        assert.equal(page(`[localStorage.key(0), localStorage.key(9), Object.keys(localStorage)].join('|')`), 'a||a,b');
        assert.equal(page(`sessionStorage.getItem('length')`), 'long');
        assert.equal(page(`localStorage.getItem('toString')`), null);
        page(`localStorage.removeItem('a')`);
        assert.equal(page(`localStorage.getItem('a') + ' ' + localStorage.length`), 'null 1');
        page(`localStorage.clear()`);
        assert.equal(page(`localStorage.length`), 0);
        """);

    [Fact]
    public async Task A_storage_that_works_stays() => await Run("""
        const real = { length: 0, mine: true };
        assert.equal(open(() => real)(`localStorage.mine && sessionStorage.mine`), true);
        """);

    private async Task Run(string test)
    {
        var made = await world.Atlas.Publish(World.Lab);
        var page = (await world.Visit(made.Id())).Ok().Text;
        var script = Regex.Match(page, "<script>(?<code>.*?)</script>", RegexOptions.Singleline | RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)).Groups["code"].Value;
        var start = new ProcessStartInfo("node", ["-e", Window + test])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        await node.StandardInput.WriteAsync(script);
        node.StandardInput.Close();
        var errors = await node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, errors);
    }
}
