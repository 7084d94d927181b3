using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>One card that is powered and answers commands, one at a time.</summary>
public interface ICardChannel
{
    /// <summary>
    /// Sends one command and awaits its answer. Chaining and GET RESPONSE are not done here: see <c>CardChannel</c>.
    /// </summary>
    /// <exception cref="ConnectionLostException">The card or its reader went away.</exception>
    /// <exception cref="CardResetException">Another program reset the card; it is told once.</exception>
    /// <exception cref="TimeoutException">No answer in the time this path allows.</exception>
    /// <exception cref="Wire.WireFormatException">The answer is no R-APDU.</exception>
    ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel);
}
