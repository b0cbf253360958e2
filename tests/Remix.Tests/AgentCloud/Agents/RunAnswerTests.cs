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
}
