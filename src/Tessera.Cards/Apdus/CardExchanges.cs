using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>Exchanges of one command whose answer is one value.</summary>
internal static class CardExchanges
{
    /// <summary>What the selected application says of itself, null when the card has no such application.</summary>
    public static async Task<ApplicationTemplate?> SelectAsync(
        this ICardChannel card, CommandApdu select, CancellationToken cancel)
    {
        var template = await card.FindAsync<ApplicationTemplate>(select, StatusWord.FileNotFound, cancel);
        return template is null || template.Aid == select.Data
            ? template
            : throw new WireFormatException("FCI", 0, $"of {template.Aid}, but {select.Data} was selected");
    }

    public static async Task<T> ReadAsync<T>(this ICardChannel card, CommandApdu command, CancellationToken cancel)
        where T : IWireFormat<T> =>
        (await card.TransmitAsync(command, cancel)).EnsureSuccess(command).Data.Read<T>();

    /// <summary>The value, or null where the card answers <paramref name="absent"/>.</summary>
    public static async Task<T?> FindAsync<T>(
        this ICardChannel card, CommandApdu command, StatusWord absent, CancellationToken cancel)
        where T : class, IWireFormat<T>
    {
        var answer = await card.TransmitAsync(command, cancel);
        return answer.Status == absent ? null : answer.EnsureSuccess(command).Data.Read<T>();
    }
}
