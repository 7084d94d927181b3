using System.Buffers;
using System.Security.Cryptography;
using Tessera.Cards.Pins;
using Tessera.Cards.Traces;
using Tessera.Wire;

namespace Tessera.Cards.Pcsc;

/// <summary>A powered card in a PC/SC reader. Disposed, it is reset: no verified PIN stays behind.</summary>
public sealed class PcscCard : ICard
{
    private const int MaxAnswer = 65536 + 2;
    private const int MaxOverhead = 4 + 3 + 3;
    private const int MaxControlAnswer = 264;
    private const uint FunctionOfFeatures = 3400;

    private readonly string _reader;
    private readonly PcscOptions _options;
    private readonly PcscThread _thread;
    private readonly NativeCard _card;
    private readonly byte[] _answer = new byte[MaxAnswer];
    private CardHold? _hold;

    private PcscCard(string reader, PcscOptions options, PcscThread thread, NativeCard card, Bytes atr, Task removed) =>
        (_reader, _options, _thread, _card, Atr, Removed) = (reader, options, thread, card, atr, removed);

    public Bytes Atr { get; private set; }

    public Task Removed { get; }

    /// <summary>The card speaks T=0: a command never has data and Le, so answers come by GET RESPONSE.</summary>
    public bool IsT0 => _card.Protocol == NativeCard.T0;

    internal static async Task<PcscCard> ConnectAsync(
        string reader, PcscOptions options, Task removed, CancellationToken cancel)
    {
        var thread = await PcscThread.StartAsync($"Card in {reader}", cancel);
        try
        {
            var (card, atr) = await thread.RunAsync(context => Connect(context, reader, options), cancel);
            return new PcscCard(reader, options, thread, card, atr, removed);
        }
        catch
        {
            await thread.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="ArgumentException">
    /// An extended command to a T=0 card: see <see cref="CardChannel"/>.
    /// </exception>
    /// <exception cref="PcscException">PC/SC refused the command; the card is still there.</exception>
    /// <inheritdoc/>
    public async ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
    {
        if (IsT0 && command.IsExtended)
            throw new ArgumentException("A T=0 card takes short commands only.", nameof(command));
        ThrowIfLost();
        if (Secrets.AreIn(command)) _hold?.NoteSecret();
        return await WithinTimeAsync(() => Transmit(command), cancel);
    }

    /// <summary>
    /// What the reader says it can do, and the control code of each; nothing where it cannot say so.
    /// </summary>
    /// <exception cref="ConnectionLostException">The card or the reader went away.</exception>
    public async Task<IReadOnlyDictionary<ReaderFeature, uint>> FeaturesAsync(CancellationToken cancel)
    {
        try
        {
            var answer = await ControlAsync(ControlCode(FunctionOfFeatures), Bytes.Empty, _options.AnswerTimeout, cancel);
            return ReaderFeatures.Read(answer.Span);
        }
        catch (PcscException)
        {
            // Drivers that know no features refuse the question.
            return new Dictionary<ReaderFeature, uint>();
        }
    }

    /// <summary>The reader's keypad; null where it has none.</summary>
    /// <inheritdoc/>
    public async Task<IPinPad?> FindPinPadAsync(CancellationToken cancel) =>
        await FeaturesAsync(cancel) is var features &&
        (features.ContainsKey(ReaderFeature.VerifyPinDirect) || features.ContainsKey(ReaderFeature.ModifyPinDirect))
            ? new PcscPinPad(this, features)
            : null;

    public async Task ResetAsync(CancellationToken cancel) => Atr = await WithinTimeAsync(_card.Reset, cancel);

    /// <summary>
    /// Keeps other programs from the card until the result is disposed, and waits while one of them does so. Held for
    /// longer than <see cref="PcscOptions.LongestHold"/> it is lost, and commands say so until the result is disposed; a card
    /// that was given a PIN meanwhile is reset at the end. An exclusive card is always kept.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is held already.</exception>
    /// <inheritdoc/>
    public async Task<IAsyncDisposable> HoldAsync(CancellationToken cancel)
    {
        if (_options.Exclusive) return NoHold.Instance;
        if (_hold is not null) throw new InvalidOperationException("The card is held already.");
        var begun = _thread.RunAsync(_ => _card.BeginTransaction(), CancellationToken.None);
        try
        {
            await begun.WaitAsync(_options.AnswerTimeout, _options.Time, cancel);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            _ = EndLateAsync();
            if (e is TimeoutException) throw new TimeoutException($"Another program keeps the card in {_reader}.", e);
            throw;
        }

        var hold = new CardHold(EndAsync, () => _hold = null);
        _hold = hold;
        hold.Start(_options.LongestHold, _options.Time);
        return hold;

        // What nobody waits for any more must not be held when it comes.
        async Task EndLateAsync()
        {
            await ((Task)begun).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (begun.IsCompletedSuccessfully) await EndAsync(reset: false);
        }

        async Task EndAsync(bool reset)
        {
            if (!_thread.IsClosed) await _thread.RunAsync(_ => _card.EndTransaction(reset), CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => _thread.DisposeAsync();

    /// <summary>A PIN goes to the card by another way than a command from here.</summary>
    internal void NoteSecret() => _hold?.NoteSecret();

    private void ThrowIfLost()
    {
        if (_hold is { IsLost: true })
            throw new CardResetException($"The card in {_reader} was kept from other programs for too long, and was reset.");
    }

    /// <summary>
    /// Gives the reader free, if that has not been done; whoever still asks the card hears that it was removed.
    /// </summary>
    internal Task ReleaseAsync(CancellationToken cancel) =>
        _thread.IsClosed ? Task.CompletedTask : _thread.RunAsync(_ => _card.Release(), cancel);

    /// <summary>Speaks to the reader itself (PC/SC part 5, SCardControl).</summary>
    internal Task<Bytes> ControlAsync(uint code, Bytes input, TimeSpan patience, CancellationToken cancel) =>
        WithinTimeAsync(
            () =>
            {
                Span<byte> answer = stackalloc byte[MaxControlAnswer];
                return Bytes.CopyOf(answer[.._card.Control(code, input.Span, answer)]);
            },
            patience, cancel);

    /// <summary>SCARD_CTL_CODE, which Windows and pcsc-lite make differently.</summary>
    private static uint ControlCode(uint function) => OperatingSystem.IsWindows()
        ? (0x31 << 16) | (function << 2)
        : 0x42000000 + function;

    private static (NativeCard Card, Bytes Atr) Connect(NativeContext context, string reader, PcscOptions options)
    {
        var card = context.Connect(reader, options.Exclusive);
        return (card, card.Atr());
    }

    /// <summary>On the card's thread; nothing of command or answer stays in a buffer.</summary>
    private ResponseApdu Transmit(CommandApdu command)
    {
        var send = new ArrayBufferWriter<byte>(command.Data.Length + MaxOverhead);
        var length = 0;
        try
        {
            WriteForProtocol(command, new ByteWriter(send));
            length = _card.Transmit(send.WrittenSpan, _answer);
            var reader = new ByteReader(_answer.AsSpan(0, length));
            return ResponseApdu.Read(ref reader);
        }
        finally
        {
            send.Clear();
            CryptographicOperations.ZeroMemory(_answer.AsSpan(0, length));
        }
    }

    /// <summary>T=0 has no case 4, and its fifth octet is always there (ISO/IEC 7816-3 §12.2).</summary>
    private void WriteForProtocol(CommandApdu command, ByteWriter writer)
    {
        if (!IsT0)
        {
            command.Write(writer);
            return;
        }

        var hasData = command.Data.Length > 0;
        (hasData ? command with { Le = null } : command).Write(writer);
        if (!hasData && command.Le is null) writer.WriteByte(0);
    }

    private Task<T> WithinTimeAsync<T>(Func<T> call, CancellationToken cancel) =>
        WithinTimeAsync(call, _options.AnswerTimeout, cancel);

    private async Task<T> WithinTimeAsync<T>(Func<T> call, TimeSpan patience, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(patience, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            return await _thread.RunAsync(_ => call(), either.Token);
        }
        catch (OperationCanceledException late)
            when (timeout.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"The card in {_reader} did not answer in {patience}.", late);
        }
    }
}
