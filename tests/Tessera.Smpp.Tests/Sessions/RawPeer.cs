using System.IO.Pipelines;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Sessions;

/// <summary>A peer without rules: sends any octets and looks at what comes.</summary>
internal sealed class RawPeer(IDuplexPipe pipe, CancellationToken cancel)
{
    private const int MaxLength = 100_000;

    /// <summary>A bind that any of the test servers accepts, as PDU 1.</summary>
    public static Bind Bind { get; } = new(BindMode.Transceiver, "esme", "pass");

    public async Task SendAsync(string hex) =>
        await pipe.Output.WriteAsync(Bytes.FromHex(hex).Memory, cancel);

    public async Task SendAsync(uint number, Pdu pdu)
    {
        var buffer = new PduBuffer();
        buffer.Append(number, pdu);
        await pipe.Output.WriteAsync(buffer.Written, cancel);
    }

    /// <summary>The next PDU with its number.</summary>
    public async Task<(uint Number, Pdu Pdu)> ReceiveAsync()
    {
        while (true)
        {
            var read = await pipe.Input.ReadAsync(cancel);
            var buffer = read.Buffer;
            if (PduFramer.TryRead(ref buffer, MaxLength, out var frame) == FrameResult.Frame)
            {
                var received = (frame.SequenceNumber, Pdu.Read(frame));
                pipe.Input.AdvanceTo(buffer.Start);
                return received;
            }

            Assert.False(read.IsCompleted, "The session closed the connection.");
            pipe.Input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    public async Task ExpectAsync(uint number, Pdu pdu) => Assert.Equal((number, pdu), await ReceiveAsync());

    /// <summary>Nothing more comes.</summary>
    public async Task ExpectEndAsync()
    {
        var read = await pipe.Input.ReadAsync(cancel);
        Assert.True(read.IsCompleted && read.Buffer.IsEmpty, "More octets came.");
    }

    public async Task BindAsync()
    {
        await SendAsync(1, Bind);
        Assert.Equal(CommandStatus.Ok, (await ReceiveAsync()).Pdu.Status);
    }

    /// <summary>As SMSC: agrees to the bind of a client.</summary>
    public async Task AgreeAsync()
    {
        var (number, pdu) = await ReceiveAsync();
        await SendAsync(number, new BindResp(Assert.IsType<Bind>(pdu).Mode, CommandStatus.Ok, "smsc"));
    }

    public async Task CloseAsync() => await pipe.Output.CompleteAsync();
}
