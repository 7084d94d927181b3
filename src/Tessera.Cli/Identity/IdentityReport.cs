using System.CommandLine;
using System.Globalization;
using Tessera.Cards.Identity;
using Tessera.Cards.Piv;

namespace Tessera.Cli.Identity;

/// <summary>Who a card is, as people see it.</summary>
/// <param name="Name">The GUID of its CHUID; null where it has none.</param>
/// <param name="Label">The maker's name for the application; null where the card says none.</param>
internal sealed record IdentityReport(string Reader, Guid? Name, string? Label, IReadOnlyList<IdentityKeyReport> Keys)
{
    public static IdentityReport Of(string reader, CardIdentity identity) => new(
        reader, identity.Name, identity.Application.Label, [.. identity.Keys.Select(IdentityKeyReport.Of)]);

    public void Print(ParseResult parsed)
    {
        if (parsed.GetValue(Verb.Json)) Verb.PrintJson(this);
        else foreach (var line in Lines()) Console.WriteLine(line);
    }

    private IEnumerable<string> Lines()
    {
        yield return $"Reader  {Reader}";
        if (Label is not null) yield return $"Card    {Label}";
        if (Name is { } name) yield return $"Name    {name}";
        foreach (var key in Keys) yield return key.Line();
    }
}

/// <summary>One key of it.</summary>
/// <param name="Reference">Two hexadecimal digits.</param>
/// <param name="Fault">Why there is nothing to say of its certificate; null where there is.</param>
/// <param name="Trusted">Null where nobody judged.</param>
/// <param name="Verdict">In words.</param>
/// <param name="Proven">Null where it was not challenged.</param>
/// <param name="Proof">In words.</param>
internal sealed record IdentityKeyReport(
    string Reference, PivAlgorithm? Algorithm, string Subject, string Issuer, string? Until, string? Fault,
    bool? Trusted, string? Verdict, IReadOnlyList<TrustFault> Faults, bool? Proven, string? Proof)
{
    public static IdentityKeyReport Of(CardKey key) => new(
        key.Reference.ToString("X2", CultureInfo.InvariantCulture), key.Algorithm, key.Subject, key.Issuer,
        key.Fault is null ? key.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null, key.Fault,
        key.Verdict?.IsTrusted, key.Verdict?.Words, [.. key.Verdict?.Findings.Select(each => each.Fault) ?? []],
        key.Proof is null ? null : key.Proof.State == ProofState.Proven, key.Proof?.Words);

    public string Line()
    {
        var line = Fault is null
            ? $"Key {Reference}  {Algorithm?.ToString() ?? "of another kind"}, {Subject}, until {Until}"
            : $"Key {Reference}  {Fault}";
        if (Verdict is not null) line += $"; {Verdict}";
        return Proof is null ? line : $"{line}; the card {Proof}";
    }
}
