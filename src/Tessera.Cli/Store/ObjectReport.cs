using System.Globalization;
using Tessera.Cards.Store;
using Tessera.Wire;

namespace Tessera.Cli.Store;

/// <summary>A signed object, or what stands in its place.</summary>
/// <param name="Kind">Ticket, coupon, receipt, or removed.</param>
internal sealed record ObjectReport(
    string Kind, uint Number, string? Key, DateTimeOffset? From, DateTimeOffset? Until, string? Text, string? Mark)
{
    /// <summary>Null where the octets are none.</summary>
    public static ObjectReport? Of(Bytes content)
    {
        try
        {
            return content.Length == 0 ? null
                : content.Span[0] == 0 ? Of(content.Read<RemovedObject>())
                : Of(content.Read<SignedObject>());
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    public static ObjectReport Of(SignedObject one) => new(
        one.Kind.ToString().ToLowerInvariant(), one.Number, one.Key.ToString("X8", CultureInfo.InvariantCulture),
        one.From, one.Until, one.Text, null);

    public static ObjectReport Of(RemovedObject one) =>
        new("removed", one.Number, null, null, null, null, one.Mark.ToString());

    /// <summary>In one line; null where the octets are none.</summary>
    public static string? Words(Bytes content) => Of(content)?.Line();

    public string Line() => Mark is null
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{Kind} {Number}: {Text}, {From:yyyy-MM-dd HH:mm:ss} to {Until:yyyy-MM-dd HH:mm:ss} UTC, signed by {Key}")
        : string.Create(CultureInfo.InvariantCulture, $"{Number} removed, mark {Mark}");
}
