using System.Net;
using System.Net.Sockets;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Pcsc;

/// <summary>A card in a vpcd reader that answers as the test says: any ATR, any answer, none at all.</summary>
internal sealed class ScriptedVpcdCard : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private readonly Bytes _atr;
    private readonly Func<Bytes, Bytes?> _answer;
    private readonly Task _running;

    private ScriptedVpcdCard(IPEndPoint reader, Bytes atr, Func<Bytes, Bytes?> answer, CancellationToken cancel)
    {
        (_atr, _answer) = (atr, answer);
        _client.Connect(reader);
        _running = RunAsync(_client.GetStream(), cancel);
    }

    /// <summary>Commands as they came, T=0 or T=1.</summary>
    public List<Bytes> Commands { get; } = [];

    public int Resets { get; private set; }

    /// <param name="answer">Null pulls the card instead of answering.</param>
    public static ScriptedVpcdCard Insert(IPEndPoint reader, string atr, Func<Bytes, Bytes?> answer) =>
        new(reader, Bytes.FromHex(atr), answer, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _running;
    }

    private async Task RunAsync(NetworkStream stream, CancellationToken cancel)
    {
        try
        {
            while (await ReceiveAsync(stream, cancel) is { } message)
            {
                if (message.Length > 1) Commands.Add(message);
                if (message.Length == 1 && message.Span[0] == 2) Resets++;
                if (message.Length == 1 && message.Span[0] != 4) continue;
                if ((message.Length == 1 ? _atr : _answer(message)) is not { } answer) break;
                byte[] length = [(byte)(answer.Length >> 8), (byte)answer.Length];
                await stream.WriteAsync((byte[])[.. length, .. answer.Span], cancel);
            }
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The reader, or the test, ended the stay of the card.
        }

        _client.Dispose();
    }

    private static async Task<Bytes?> ReceiveAsync(NetworkStream stream, CancellationToken cancel)
    {
        var header = new byte[2];
        if (await stream.ReadAtLeastAsync(header, 2, throwOnEndOfStream: false, cancel) < 2) return null;
        var message = new byte[(header[0] << 8) | header[1]];
        await stream.ReadExactlyAsync(message, cancel);
        return new Bytes(message);
    }
}
