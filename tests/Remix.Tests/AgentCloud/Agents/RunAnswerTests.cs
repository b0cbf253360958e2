using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Agents;

/// <summary>How what an agent returns travels.</summary>
public class RunAnswerTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    [Fact]
    public async Task Values_that_json_lacks_travel_tagged()
    {
        var app = await AgentApp.New(cloud);

        var value = await app.Value("return { nan: NaN, inf: Infinity, bin: new Uint8Array([1]), back: params.inf > 1e300 && params.bin.length };",
            JsonSerializer.Deserialize<JsonElement>("""
                {"inf":{"_rmx_type":"{tag}posinf"},"bin":{"_rmx_type":"{tag}bin","_rmx_value":"AAE="}}
                """));

        Assert.Equal("""
            {"nan":{"_rmx_type":"{tag}nan"},"inf":{"_rmx_type":"{tag}posinf"},"bin":{"_rmx_type":"{tag}bin","_rmx_value":"AQ=="},"back":2}
            """.Trim(), value.GetRawText());
    }

    [Theory]
    [InlineData("return new Response('hi');", "A Response cannot be passed on")]
    [InlineData("return { later: Promise.resolve(1) };", "await it first")]
    [InlineData("return { all: new Map([[1, 2]]) };", "Object.fromEntries")]
    [InlineData("return { all: new Set([1]) };", "Array.from")]
    [InlineData("return { error: Object.assign(new Error('x'), { code: 1 }) };", "pass its message")]
    [InlineData("return { r: new ReadableStream() };", "A ReadableStream cannot")]
    [InlineData("return { n: 10n };", "A bigint cannot")]
    [InlineData("await remix.db.save({ all: new Map() });", "Object.fromEntries")]
    [InlineData("export default class { }", "must export a function")]
    [InlineData("export default async function* () { yield 1; }", "An AsyncGenerator cannot")]
    public async Task What_would_arrive_as_nothing_is_refused(string code, string message)
    {
        var app = await (await AgentApp.New(cloud)).Agent("lossy", code);

        var error = (await app.Run("lossy"))["run_error"];
        Assert.Equal("TypeError", error.Text("name"));
        Assert.Contains(message, error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_fields_of_its_own_arrives_with_them()
    {
        var app = await AgentApp.New(cloud);

        var value = await app.Value("""
            class P { x = 1; f() {} }
            return { p: new P(), d: new Date(0), o: Object.create(null), f() {}, u: new URL('https://a.b/') };
            """);
        Assert.Equal("""{"p":{"x":1},"d":"1970-01-01T00:00:00.000Z","o":{},"u":"https://a.b/"}""", value.GetRawText());
    }

    [Fact]
    public async Task An_agent_that_may_give_an_error_says_which_it_gave()
    {
        var app = await (await AgentApp.New(cloud)).Agent("maybe", "return params.bad ? { error: 'too bad' } : { fine: 1 };",
            new { outParams = new[] { new { name = "fine", type = "number" }, new { name = "error", type = "string" } } });

        Assert.Equal("""{"_rmx_type":"{tag}case:ok","_rmx_value":{"fine":1}}""", (await app.Run("maybe")).Ok(200).Text);
        Assert.Equal("""{"_rmx_type":"{tag}case:error","_rmx_value":"too bad"}""", (await app.Run("maybe", new { bad = true })).Ok(200).Text);
    }

    [Theory]
    [InlineData("fine", "ok")]
    [InlineData("error", "error")]
    public async Task An_answer_may_be_as_deep_as_the_runtime_lets_it(string field, string kind)
    {
        var app = await (await AgentApp.New(cloud)).Agent("deep",
            $"let deep = 1; for (let i = 0; i < 150; i++) deep = [deep]; return {{ {field}: deep }};",
            new { outParams = new[] { new { name = "fine", type = "any" }, new { name = "error", type = "any" } } });
        await app.Agent("outer", "const { name, value } = await remix.agents.call('deep'); return { name };");

        var deep = $"{new string('[', 150)}1{new string(']', 150)}";
        Assert.Equal($$$"""{"_rmx_type":"{tag}case:{{{kind}}}","_rmx_value":{{{(field == "error" ? deep : $$"""{"fine":{{deep}}}""")}}}}""",
            (await app.Run("deep")).Ok(200).Text);
        Assert.Equal(200, (await app.Run("outer")).Status);
    }

    [Fact]
    public async Task Opened_secrets_are_kept_out_of_what_was_written_and_thrown()
    {
        var app = await (await AgentApp.New(cloud)).Agent("leak", """
            const key = await remix.secrets.get('key');
            console.log('the key is', key, { key });
            if (params.fail) throw new Error(`401 from https://api.example?key=${key}`);
            return { key };
            """);
        (await cloud.Alice.Put($"/v1/ws/{app.Workspace}/secrets/key", new { value = "hunter2-hunter2" })).Ok();

        Assert.Equal("hunter2-hunter2", (await app.Run("leak")).Ok().String("key"));
        var failed = await app.Run("leak", new { fail = true });
        Assert.Equal("401 from https://api.example?key=•••", failed["run_error"].Text("message"));
        Assert.DoesNotContain("hunter2", failed.Text, StringComparison.Ordinal);
        var runs = (await cloud.Alice.Get($"/v1/ws/{app.Workspace}/app/{app.Name}/runs")).Ok();
        Assert.Equal(2, runs.List("runs").Count);
        Assert.Contains("the key is •••", runs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", runs.Text, StringComparison.Ordinal);
    }
}
