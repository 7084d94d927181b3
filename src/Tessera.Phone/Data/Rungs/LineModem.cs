using Tessera.Phone.Modems;
using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>A modem of the line: one receiver, and the rungs it hears from the most robust to the fastest.</summary>
/// <param name="Mode">Which one.</param>
/// <param name="CreateReceiver">Makes a receiver; the argument tells whether it is the server's.</param>
public sealed record LineModem(ModemMode Mode, Func<bool, IModemReceiver> CreateReceiver, Sequence<LineRung> Rungs);
