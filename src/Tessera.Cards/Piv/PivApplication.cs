using System.Text;
using Tessera.Wire;

namespace Tessera.Cards.Piv;

/// <summary>
/// What a PIV application says of itself when it is selected (SP 800-73-5 part 2, application property template).
/// </summary>
/// <remarks>
/// <code>
/// 61 L { 4F AID or the end of it, 79 { 4F authority }, 50 label?, 5F50 where its specification is?, AC { 80 algorithm ... }? }
/// </code>
/// Some makers append objects, some leave all of it away: selected it is all the same.
/// </remarks>
/// <param name="Label">The maker's name for it; null where the card says none.</param>
/// <param name="Algorithms">Identifiers that the card says it knows; empty where it says nothing.</param>
public sealed record PivApplication(string? Label, IReadOnlyList<byte> Algorithms)
{
    private const int MaxLabel = 64;

    /// <summary>The answer to <see cref="PivCommands.Select"/>; null where the card has no such application.</summary>
    /// <exception cref="CardStatusException">It has one, and did not select it.</exception>
    /// <exception cref="WireFormatException">What it says is no template.</exception>
    public static PivApplication? Read(ResponseApdu answer)
    {
        if (answer.Status == StatusWord.FileNotFound || answer.Status == StatusWord.InstructionNotSupported
            || answer.Status == StatusWord.ClassNotSupported || answer.Status == StatusWord.IncorrectP1P2)
        {
            return null;
        }

        var data = answer.EnsureSuccess(PivCommands.Select).Data;
        if (data.Length == 0) return new PivApplication(null, []);
        var template = PivData.Unwrap(data, 0x61, "application property template");
        var algorithms = PivData.Find(template, 0xAC) is { } supported && PivData.Find(supported, 0x80) is { } known
            ? known.ToArray()
            : [];
        return new PivApplication(PivData.Find(template, 0x50) is { } label ? Text(label) : null, algorithms);
    }

    private static string Text(Bytes label)
    {
        var text = Encoding.ASCII.GetString(label.Span[..Math.Min(label.Length, MaxLabel)]);
        return string.Concat(text.Select(each => char.IsControl(each) ? '?' : each));
    }
}
