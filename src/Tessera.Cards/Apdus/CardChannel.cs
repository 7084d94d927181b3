using System.Buffers;
using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>
/// Commands and answers of any length over a card that takes short ones (ISO/IEC 7816-4 §5.3.3, §5.3.4).
/// </summary>
/// <remarks>
/// <code>
/// data above 255   CLA with bit 10, blocks of 255, the last with the CLA itself and Le; any status but 9000 ends it
/// 61xx             GET RESPONSE 00 C0 00 00 xx until the card has no more
/// 6Cxx             the same command again with Le xx, once
/// </code>
/// One command at a time, as with every card channel.
/// </remarks>
/// <param name="card">The card; it stays the caller's.</param>
/// <param name="extended">The card takes extended lengths, so nothing is chained.</param>
public sealed class CardChannel(ICardChannel card, bool extended = false) : ICardChannel
{
    /// <summary>Octets of the longest answer put together.</summary>
    public const int MaxAnswer = 65536;

    /// <summary>GET RESPONSEs for one answer: twice what the longest one needs.</summary>
    public const int MaxRounds = 512;

    private const byte ChainingBit = 0x10;

    /// <summary>
    /// The command as the card will see it: where lengths are short, so is Le. Who computes a code over a command takes
    /// this one.
    /// </summary>
    public CommandApdu Fitting(CommandApdu command) =>
        extended ? command : command with { Le = ShortLe(command) };

    /// <exception cref="WireFormatException">
    /// The answer is no R-APDU, does not end, or is longer than 65536 octets.
    /// </exception>
    /// <inheritdoc/>
    public async ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
    {
        var block = command;
        if (!extended && command.IsExtended)
        {
            var sent = 0;
            for (; command.Data.Length - sent > CommandApdu.MaxShortData; sent += CommandApdu.MaxShortData)
            {
                var answer = await card.TransmitAsync(Block(command, sent), cancel);
                if (!answer.Status.IsSuccess) return answer;
            }

            block = command with { Data = From(command, sent), Le = ShortLe(command) };
        }

        var response = await ExchangeAsync(block, cancel);
        return response.Status.HasMore ? await CollectAsync(command.Cla, response, cancel) : response;
    }

    /// <summary>One command, sent again where only its Le was wrong.</summary>
    private async ValueTask<ResponseApdu> ExchangeAsync(CommandApdu command, CancellationToken cancel)
    {
        var response = await card.TransmitAsync(command, cancel);
        return response.Status.IsWrongLe
            ? await card.TransmitAsync(command with { Le = Announced(response.Status) }, cancel)
            : response;
    }

    private async ValueTask<ResponseApdu> CollectAsync(byte cla, ResponseApdu first, CancellationToken cancel)
    {
        var data = new ArrayBufferWriter<byte>();
        data.Write(first.Data.Span);
        var status = first.Status;
        for (var round = 0; status.HasMore; round++)
        {
            if (round == MaxRounds)
                throw new WireFormatException("R-APDU", data.WrittenCount, $"not whole after {round} parts");
            var part = await ExchangeAsync(GetResponse(cla, Announced(status)), cancel);
            if (data.WrittenCount + part.Data.Length > MaxAnswer)
                throw new WireFormatException("R-APDU", data.WrittenCount, $"longer than {MaxAnswer} octets");
            data.Write(part.Data.Span);
            status = part.Status;
        }

        return new ResponseApdu(new Bytes(data.WrittenMemory), status);
    }

    private static CommandApdu Block(CommandApdu command, int at) => command with
    {
        Cla = (byte)(command.Cla | ChainingBit),
        Data = new Bytes(command.Data.Memory.Slice(at, CommandApdu.MaxShortData)),
        Le = null,
    };

    private static Bytes From(CommandApdu command, int at) => new(command.Data.Memory[at..]);

    private static int? ShortLe(CommandApdu command) =>
        command.Le is { } le ? Math.Min(le, CommandApdu.MaxShortLe) : null;

    /// <summary>Interindustry class on the logical channel of the command (ISO/IEC 7816-4 §5.4.1).</summary>
    private static CommandApdu GetResponse(byte cla, int le) =>
        new((byte)((cla & 0x40) == 0 ? cla & 0x03 : 0x40 | (cla & 0x0F)), 0xC0, 0x00, 0x00, Le: le);

    private static int Announced(StatusWord status) => status.Sw2 == 0 ? CommandApdu.MaxShortLe : status.Sw2;
}
