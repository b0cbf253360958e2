using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Remix.AgentCloud.Http;
using Remix.JsRuntime;
using Remix.Platform.Faults;
using Remix.Platform.Http;

namespace Remix.AgentCloud.Agents;

/// <summary>
/// The parameters of a run as they came: a JSON object, an urlencoded form or multipart. What begins with <c>{</c> is JSON
/// whatever its label. The fields of a form become what the agent declares; a file among them becomes bytes.
/// </summary>
internal sealed class AgentInput(byte[] body, IReadOnlyList<(string Name, string? Text, byte[]? File)>? form)
{
    private static readonly byte[] Nothing = "{}"u8.ToArray();

    public static async Task<AgentInput> Read(HttpContext context)
    {
        var bytes = await CloudBody.ReadAll(context, AgentRuntime.ParamsBytesMax);
        var type = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var parsed) ? parsed.MediaType.Value : null;
        if (CloudBody.LooksLikeJson(bytes) || type is null || type.EndsWith("json", StringComparison.OrdinalIgnoreCase))
        {
            return new AgentInput(bytes.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0 ? Nothing : bytes, null);
        }

        var fields = await AgentForm.Read(bytes, parsed!, context.RequestAborted);
        return new AgentInput([], fields);
    }

    public static AgentInput OfJson(byte[] json) => new(json, null);

    /// <summary>What the agent is given, checked; throws everything that is wrong with it.</summary>
    public byte[] For(AgentDefinition agent)
    {
        var bytes = form is null ? body : OfForm(agent);
        var root = RequestBody.ObjectIn(bytes);
        ParamText.Check(agent, root, bytes);
        return bytes;
    }

    private byte[] OfForm(AgentDefinition agent)
    {
        var declared = agent.InParams.ToDictionary(param => param.Name, StringComparer.Ordinal);
        var issues = new List<Issue>();
        var json = new StringBuilder("{");
        foreach (var field in form!.GroupBy(one => one.Name, StringComparer.Ordinal))
        {
            var param = declared.GetValueOrDefault(field.Key) ?? new AgentParam(field.Key, ParamType.Any, "any", field.Key, null, false);
            var values = field.ToList();
            var isList = values.Count > 1;
            var each = isList && param.Type == ParamType.List ? param with { Type = ParamType.Any } : param;
            var texts = values.ConvertAll(value => One(each, value.Text, value.File, issues));
            json.Append(json.Length > 1 ? "," : "").Append(JsonSerializer.Serialize(field.Key, ParamText.Writing)).Append(':')
                .Append(isList ? $"[{string.Join(',', texts)}]" : texts[0]);
        }

        return issues.Count == 0 ? Encoding.UTF8.GetBytes(json.Append('}').ToString()) : throw ParamText.Invalid(agent, issues);
    }

    private static string One(AgentParam param, string? text, byte[]? file, List<Issue> issues)
    {
        if (file is not null)
        {
            return AgentParam.Bin(file);
        }

        var json = param.FromText(text!, out var problem);
        if (problem is not null)
        {
            issues.Add(new Issue("invalid_type", [param.Name], problem));
        }

        return json ?? "null";
    }
}
