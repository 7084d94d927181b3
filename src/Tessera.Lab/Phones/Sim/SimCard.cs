using Tessera.Cards;
using Tessera.Cards.Traces;
using Tessera.Lab.Phones.Log;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Sim;

/// <summary>
/// A powered SIM as a phone speaks to it: class A0, answers fetched by GET RESPONSE (3GPP TS 51.011 §9).
/// </summary>
/// <remarks>
/// <code>
/// 9Fxx  xx octets of answer wait        GET RESPONSE A0 C0 00 00 xx
/// 9Exx  the same, of an error           GET RESPONSE; the status stays 9Exx
/// 91xx  a proactive command waits       FETCH A0 12 00 00 xx, when the one before is answered
/// </code>
/// </remarks>
internal sealed class SimCard(ICard card, HandsetLog log)
{
    public const byte Class = 0xA0;

    private const byte GetResponse = 0xC0;

    /// <summary>Octets of the proactive command that waits; null for none.</summary>
    public int? Waiting { get; private set; }

    public void ForgetWaiting() => Waiting = null;

    /// <summary>Sends a command and fetches what it announces.</summary>
    /// <param name="mask">Octets of the data that no log may hold.</param>
    /// <returns>The status of the command itself where it is 9Exx, otherwise of the last exchange.</returns>
    /// <exception cref="ConnectionLostException">The SIM went away.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    /// <exception cref="WireFormatException">What it answers is no R-APDU.</exception>
    public async Task<ResponseApdu> SendAsync(CommandApdu command, CancellationToken cancel, Range? mask = null)
    {
        var answer = await ExchangeAsync(command, mask, cancel);
        if (answer.Status.Sw1 is not (SimStatus.AnswerWaits or SimStatus.ErrorWaits or 0x61)) return answer;

        var fetched = await ExchangeAsync(
            new CommandApdu(Class, GetResponse, 0, 0, Le: Length(answer.Status)), mask: null, cancel);
        return answer.Status.Sw1 == SimStatus.ErrorWaits ? fetched with { Status = answer.Status } : fetched;
    }

    private async Task<ResponseApdu> ExchangeAsync(CommandApdu command, Range? mask, CancellationToken cancel)
    {
        log.Add(LogHop.Sim, LogDirection.ToSim, Hidden(command, mask), ApduWords.Of(command));
        var answer = await card.TransmitAsync(command, cancel);
        log.Add(LogHop.Sim, LogDirection.FromSim, Bytes.Of(answer).Span, ApduWords.Of(answer));
        if (answer.Status.Sw1 == SimStatus.CommandWaits) Waiting = Length(answer.Status);
        else if (answer.Status.IsSuccess) Waiting = null;
        return answer;
    }

    private static Masked Hidden(CommandApdu command, Range? mask)
    {
        const int header = 5;
        var octets = Bytes.Of(command);
        var (start, length) = (mask ?? new Range(0, 0)).GetOffsetAndLength(command.Data.Length);
        return new Masked(octets, length == 0 ? 0 : header + start, length);
    }

    private static int Length(StatusWord status) => status.Sw2 == 0 ? CommandApdu.MaxShortLe : status.Sw2;
}

/// <summary>Status words of a SIM (3GPP TS 51.011 §9.4, TS 51.014 §6.3).</summary>
internal static class SimStatus
{
    public const byte CommandWaits = 0x91;
    public const byte Busy = 0x93;
    public const byte ErrorWaits = 0x9E;
    public const byte AnswerWaits = 0x9F;

    public static readonly StatusWord ToolkitBusy = new(0x9300);
    public static readonly StatusWord ChvBlocked = new(0x9840);

    /// <summary>Done, perhaps with a proactive command that waits.</summary>
    public static bool IsDone(this StatusWord status) =>
        status.IsSuccess || status.Sw1 is CommandWaits;
}
