using System.CommandLine;
using Tessera.Cards.Issuing;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Views;
using Tessera.Storage.Issuing;
using Tessera.Wire;

namespace Tessera.Cli.Issuing;

/// <summary>What is printed of a card that was issued, and filed: no secret is in it.</summary>
/// <param name="Checks">Check values of its keys.</param>
/// <param name="Letter">The sealed letter with PIN and PUK; null where none was written now.</param>
internal sealed record IssueRecord(
    string Card, string Chip, string Holder, string HolderId, string Kind, IReadOnlyList<string> Applications,
    string KeyVersion, IReadOnlyDictionary<string, string> Checks, string? Currency, uint? GreatestBalance,
    uint? OfflineAllowance, uint? GreatestWithoutPin, string? Msisdn, SimIdentity? Sim,
    string? Replaces, DateTimeOffset Issued, string Operator, string? Letter)
{
    public static IssueRecord Of(Issuance issuance, string holder, string? letter) => new(
        issuance.Card.ToString(), issuance.Chip.ToString(), holder, issuance.Holder.ToString(),
        issuance.Order.Kind.ToString(), [.. issuance.Order.Applications.Select(NameOf)], $"{issuance.KeyVersion:X2}",
        issuance.Checks.ToDictionary(check => check.Key, check => check.Value, StringComparer.Ordinal),
        issuance.HasPurse ? $"{issuance.Order.Purse.Currency:X4}" : null,
        issuance.HasPurse ? issuance.Order.Purse.GreatestBalance : null, issuance.Order.Wish.OfflineAllowance,
        issuance.Order.Wish.GreatestWithoutPin, issuance.Order.Msisdn, issuance.Sim,
        issuance.Order.Replaces?.ToString(), issuance.Finished ?? issuance.Begun, issuance.Operator, letter);

    /// <summary>An application as people call it.</summary>
    public static string NameOf(Bytes aid) =>
        aid == PurseCommands.Aid ? "purse"
        : aid == StoreCommands.Aid ? "store"
        : aid == PivCommands.Aid ? "piv"
        : aid.Span.StartsWith(StoreCommands.Aid.Span) && aid.Length == StoreCommands.Aid.Length + 1
            ? $"store:{aid.Span[^1]:X2}"
            : aid.ToString();

    public void Print(ParseResult parsed)
    {
        if (parsed.GetValue(Verb.Json)) Verb.PrintJson(this);
        else foreach (var line in Lines()) Console.WriteLine(line);
    }

    public IEnumerable<string> Lines()
    {
        yield return $"Card           {Card}";
        yield return $"Chip           {Chip}";
        yield return $"Holder         {Holder} ({HolderId})";
        yield return $"Kind           {Kind}{(Msisdn is null ? "" : $", +{Msisdn}")}";
        if (Sim is not null)
        {
            yield return $"ICCID          {Sim.Iccid}";
            yield return $"IMSI           {Sim.Imsi}, {Sim.Provider}, service centre {Sim.ServiceCentre}";
        }

        yield return $"Applications   {string.Join(", ", Applications)}";
        if (GreatestBalance is { } most)
            yield return $"Purse          {Currency}, at most {Amount.Text(most)}"
                + (GreatestWithoutPin is { } debit ? $", without PIN up to {Amount.Text(debit)}" : "")
                + (OfflineAllowance is { } offline ? $", offline up to {Amount.Text(offline)}" : "");
        yield return $"Keys           version {KeyVersion}";
        foreach (var (key, value) in Checks) yield return $"  {key,-12} {value}";
        if (Replaces is not null) yield return $"In place of    {Replaces}";
        yield return $"Issued         {Issued.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC by {Operator}";
        if (Letter is not null) yield return $"PIN and PUK    sealed in {Letter}";
    }
}
