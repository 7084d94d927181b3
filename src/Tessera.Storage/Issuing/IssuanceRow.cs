using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Wire;

namespace Tessera.Storage.Issuing;

/// <summary>A row of <c>issuances</c>.</summary>
internal sealed class IssuanceRow
{
    public const string Select =
        """
        SELECT card_id AS CardId, chip AS Chip, holder_id AS HolderId, kind AS Kind, applications AS Applications,
               key_version AS KeyVersion, checks AS Checks, currency AS Currency, greatest_balance AS GreatestBalance,
               offline_allowance AS OfflineAllowance, without_pin AS WithoutPin,
               msisdn AS Msisdn, sim_identity AS SimIdentity,
               replaces AS Replaces, operator AS Operator, begun AS Begun, finished AS Finished
        FROM issuances
        """;

    public required string CardId { get; init; }

    public required byte[] Chip { get; init; }

    public required string HolderId { get; init; }

    public required string Kind { get; init; }

    public required string Applications { get; init; }

    public required long KeyVersion { get; init; }

    public required string Checks { get; init; }

    public required long Currency { get; init; }

    public required long GreatestBalance { get; init; }

    public required long? OfflineAllowance { get; init; }

    public required long? WithoutPin { get; init; }

    public required string? Msisdn { get; init; }

    public required byte[]? SimIdentity { get; init; }

    public required string? Replaces { get; init; }

    public required string Operator { get; init; }

    public required long Begun { get; init; }

    public required long? Finished { get; init; }

    public static object Values(Issuance issuance) => new
    {
        card = issuance.Card.ToString(),
        chip = issuance.Chip.ToArray(),
        holder = issuance.Holder.ToString(),
        kind = issuance.Order.Kind.ToString(),
        applications = string.Join(',', issuance.Order.Applications),
        keyVersion = (long)issuance.KeyVersion,
        checks = string.Join(',', issuance.Checks.Select(check => $"{check.Key}={check.Value}")),
        currency = (long)issuance.Order.Purse.Currency,
        greatest = (long)issuance.Order.Purse.GreatestBalance,
        allowance = (long?)issuance.Order.Wish.OfflineAllowance,
        withoutPin = (long?)issuance.Order.Wish.GreatestWithoutPin,
        issuance.Order.Msisdn,
        identity = issuance.Sim is { } sim ? Bytes.Of(sim).ToArray() : null,
        iccid = issuance.Sim?.Iccid,
        imsi = issuance.Sim?.Imsi,
        replaces = issuance.Order.Replaces?.ToString(),
        by = issuance.Operator,
        begun = issuance.Begun.ToUnixTimeMilliseconds(),
    };

    public Issuance ToIssuance() => new(
        Cards.CardId.Parse(CardId), new Bytes(Chip), Platform.Holders.HolderId.Parse(HolderId),
        new IssueOrder(Enum.Parse<CardKind>(Kind), [.. Applications.Split(',').Select(aid => Bytes.FromHex(aid))])
        {
            Holder = Platform.Holders.HolderId.Parse(HolderId),
            Card = Cards.CardId.Parse(CardId),
            Purse = new PurseTraits((ushort)Currency, (uint)GreatestBalance),
            Wish = new CardWish((uint?)OfflineAllowance, (uint?)WithoutPin),
            Msisdn = Msisdn,
            Replaces = Replaces is null ? null : Cards.CardId.Parse(Replaces),
        },
        (byte)KeyVersion,
        [.. Checks.Split(',').Select(check => check.Split('=')).Select(check => new CardKeyCheck(check[0], check[1]))],
        Operator, DateTimeOffset.FromUnixTimeMilliseconds(Begun),
        Finished is { } finished ? DateTimeOffset.FromUnixTimeMilliseconds(finished) : null)
    {
        Sim = SimIdentity is null ? null : new Bytes(SimIdentity).Read<SimIdentity>(),
    };
}
