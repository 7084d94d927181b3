using System.Collections.Concurrent;
using Tessera.Cards;
using Tessera.Story.Cards;
using Tessera.Terminal;
using Tessera.Terminal.Displays;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Os;

namespace Tessera.Interop.Tests.Signing;

/// <summary>
/// A network terminal with one card in it and a holder who presses a key at once, whatever is shown, and types the PIN at
/// once; what travels is counted.
/// </summary>
internal sealed class WillingTerminal : IAsyncDisposable
{
    private const string Name = "Counter";

    private readonly ConcurrentDictionary<FrameType, int> _frames = new();
    private readonly CardTerminal _terminal;

    /// <param name="folder">Its files; the caller's.</param>
    /// <param name="pin">Of the server.</param>
    /// <param name="card">Stays the caller's.</param>
    public WillingTerminal(string folder, Uri server, PeerIdentity pin, CardOs card)
    {
        _terminal = CardTerminal.Open(
            new CardTerminalOptions { Name = Name, Folder = folder, Pin = pin, Profile = TerminalProfile.TextOnly },
            new WillingHolder());
        _terminal.Start(_ => Task.FromResult<ICardReader>(new Reader(card)), ConnectAsync);

        async Task<IFrameChannel> ConnectAsync(CancellationToken cancel) => new Counted(
            await TerminalConnection.OpenAsync(
                new TerminalConnectionOptions { Server = server, Pin = pin, Certificate = _terminal.Certificate }, cancel),
            _frames);
    }

    /// <summary>Scripts down and answers up since it was started.</summary>
    public (int Scripts, int Answers) Messages =>
        (_frames.GetValueOrDefault(FrameType.Script), _frames.GetValueOrDefault(FrameType.Answer));

    /// <summary>By what a server knows the one whose files are there.</summary>
    public static PeerIdentity IdentityOf(string folder) => CardTerminal.IdentityOf(folder, Name);

    public ValueTask DisposeAsync() => _terminal.DisposeAsync();

    private sealed class WillingHolder : IScreen
    {
        public Task<ScreenAnswer> AskAsync(ScreenRequest request, CancellationToken cancel) =>
            Task.FromResult<ScreenAnswer>(
                request is SecretAsked ? new Entry(DemonstrationKeys.Pin) : new Acknowledged());

        public void Idle(IdleState state)
        {
            // Nobody looks.
        }
    }

    private sealed class Reader(CardOs card) : ICardReader
    {
        private bool _taken;

        public string Name => "slot";

        public Task<ICard> InsertedAsync(CancellationToken cancel)
        {
            if (_taken) return new TaskCompletionSource<ICard>().Task.WaitAsync(cancel);
            _taken = true;
            return Task.FromResult<ICard>(new InsertedCard(card, isLent: true));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Counted(IFrameChannel channel, ConcurrentDictionary<FrameType, int> frames) : IFrameChannel
    {
        public async ValueTask<LinkFrame?> ReceiveAsync(CancellationToken cancel)
        {
            var frame = await channel.ReceiveAsync(cancel);
            if (frame is { Type: var type }) Count(type);
            return frame;
        }

        public ValueTask SendAsync(LinkFrame frame, CancellationToken cancel)
        {
            Count(frame.Type);
            return channel.SendAsync(frame, cancel);
        }

        public ValueTask DisposeAsync() => channel.DisposeAsync();

        private void Count(FrameType type) => frames.AddOrUpdate(type, 1, (_, before) => before + 1);
    }
}
