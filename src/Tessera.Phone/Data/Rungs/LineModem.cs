using Tessera.Phone.Modems;
using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>A modem of the line: one receiver, and the rungs it hears from the most robust to the fastest.</summary>
/// <param name="Mode">Which one.</param>
/// <param name="CreateReceiver">Makes a receiver: the server is the answerer, whoever called.</param>
public sealed record LineModem(ModemMode Mode, Func<CallSide, IModemReceiver> CreateReceiver, Sequence<LineRung> Rungs)
{
    /// <summary>The rungs on which a server says hello, one attempt each. Default: twice on the first.</summary>
    public Sequence<byte> Hellos { get; init; } = Rungs.Count == 0 ? [] : [Rungs[0].Number, Rungs[0].Number];
}
