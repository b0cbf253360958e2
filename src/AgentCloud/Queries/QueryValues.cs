using Remix.AgentCloud.Records;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Queries;

/// <summary>Values as they come back out of the index.</summary>
internal static class QueryValues
{
    public static FieldValue Of(FieldPath key, int kind, double num, string sort) => key.Names switch
    {
        [SystemField.CreatedAt or SystemField.ModifiedAt] => FieldValue.Text(((long)num).ToIso()),
        _ when key.IsSystem && kind == (int)FieldKind.Text => FieldValue.Text(sort),
        _ => new FieldValue((FieldKind)kind, num, sort, null),
    };
}
