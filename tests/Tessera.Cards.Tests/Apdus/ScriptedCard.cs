using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests;

/// <summary>A card that answers exactly the commands it was told to expect, in order.</summary>
internal sealed class ScriptedCard(params (string Command, string Answer)[] exchanges) : ICardChannel
{
    private int _next;

    public ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Assert.True(_next < exchanges.Length, $"{command} was not expected");
        var (expected, answer) = exchanges[_next++];
        Assert.Equal(Bytes.FromHex(expected), Bytes.Of(command));
        return ValueTask.FromResult(WireFormat.ReadWhole<ResponseApdu>(Bytes.FromHex(answer).Span));
    }

    public void HasAnsweredAll() => Assert.Equal(exchanges.Length, _next);
}
