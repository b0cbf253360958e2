using System.Text;
using System.Text.Json.Serialization;

namespace Remix.Games.Validation;

/// <summary>The characters from <paramref name="Start"/> up to <paramref name="End"/> become <paramref name="Text"/>.</summary>
public sealed record TextEdit(int Start, int End, string Text);

/// <summary>
/// Edits that mend what a blocker names. Places are UTF-16 units of the code that was validated, whose hash goes with them;
/// patches of several blockers may be joined before they are applied.
/// </summary>
/// <param name="Complete">Whether nothing is left to be done by hand; otherwise the note says what.</param>
public sealed record CodePatch(
    string Format,
    [property: JsonPropertyName("codeSha256")] string CodeSha256,
    bool Complete,
    string Note,
    IReadOnlyList<TextEdit> Edits)
{
    public const string TextEdits = "text-edits";

    /// <summary>
    /// Applies edits from the last to the first. The same edit twice counts once; one that touches what another replaced is
    /// left out; insertions at one place keep their order.
    /// </summary>
    public static string Apply(string code, IEnumerable<TextEdit> edits)
    {
        var ordered = edits.Distinct().Select((edit, index) => (edit, index))
            .OrderByDescending(item => item.edit.Start).ThenByDescending(item => item.edit.End).ThenByDescending(item => item.index);
        var (text, from) = (new StringBuilder(code), int.MaxValue);
        foreach (var (edit, _) in ordered)
        {
            if (edit.End > from || edit.Start > edit.End || edit.End > code.Length)
            {
                continue;
            }

            text.Remove(edit.Start, edit.End - edit.Start).Insert(edit.Start, edit.Text);
            from = edit.Start;
        }

        return text.ToString();
    }
}
