using System.Runtime.InteropServices;
using System.Text;
using Tessera.Wire;

namespace Tessera.Cards.Pcsc;

/// <summary>
/// A connection to the PC/SC service. One call at a time, from one thread; only <see cref="Cancel"/> from any.
/// </summary>
internal sealed unsafe class NativeContext : IDisposable
{
    /// <summary>Stands for the list of readers itself (pcsc-lite and Windows alike).</summary>
    public const string ListOfReaders = @"\\?PnP?\Notification";

    private const uint ScopeSystem = 2;
    private const uint Infinite = 0xFFFFFFFF;
    private const int ListAttempts = 8;
    private const int MaxList = 64 * 1024;

    private nint _handle;
    private NativeCard? _card;

    private NativeContext(nint handle) => _handle = handle;

    /// <exception cref="PcscException">There is no service.</exception>
    public static NativeContext Establish()
    {
        try
        {
            var status = Status(Winscard.SCardEstablishContext(new CULong(ScopeSystem), 0, 0, out var handle));
            if (status.IsSuccess) return new NativeContext(handle);
            throw status == PcscStatus.NoService || status == PcscStatus.ServiceStopped
                ? PcscException.NoService()
                : new PcscException(status, $"SCardEstablishContext: {status}.");
        }
        catch (DllNotFoundException missing)
        {
            throw PcscException.NoService(missing);
        }
    }

    public static PcscStatus Status(CLong result) => new(unchecked((uint)result.Value));

    /// <summary>A name as the functions take it, with its terminator.</summary>
    public static byte[] Name(string name) => Characters.GetBytes(name + '\0');

    public string[] ListReaders()
    {
        for (var attempt = 0; attempt < ListAttempts; attempt++)
        {
            var length = new CULong(0);
            var status = Status(Winscard.SCardListReaders(_handle, null, ref length));
            if (status == PcscStatus.NoReadersAvailable) return [];
            if (!status.IsSuccess) throw Failed(status, "SCardListReaders");

            var list = new byte[checked((int)Math.Min(length.Value, MaxList)) * (OperatingSystem.IsWindows() ? 2 : 1)];
            fixed (byte* start = list) status = Status(Winscard.SCardListReaders(_handle, start, ref length));
            if (status == PcscStatus.NoReadersAvailable) return [];
            if (status.IsSuccess) return Characters.GetString(list).Split('\0', StringSplitOptions.RemoveEmptyEntries);
            if (status != PcscStatus.InsufficientBuffer) throw Failed(status, "SCardListReaders");
        }

        throw Failed(PcscStatus.InsufficientBuffer, "SCardListReaders");
    }

    /// <summary>Blocks until the number of readers is another one.</summary>
    public uint WaitForOtherReaders(int known) => WaitForChange(ListOfReaders, (uint)known << 16);

    /// <summary>
    /// Blocks until the state of <paramref name="reader"/> differs from <paramref name="known"/>; 0 knows nothing.
    /// </summary>
    public uint WaitForChange(string reader, uint known)
    {
        fixed (byte* name = Name(reader))
        {
            var state = new Winscard.ReaderState { Reader = name, CurrentState = new CULong(known) };
            var status = Status(Winscard.SCardGetStatusChange(_handle, new CULong(Infinite), &state, new CULong(1)));
            return status.IsSuccess
                ? (uint)state.EventState.Value
                : throw PcscException.Of(status, "SCardGetStatusChange", reader);
        }
    }

    /// <summary>
    /// Blocks until a reader, or the number of readers, is in another state than is known, and no longer than a while.
    /// </summary>
    /// <param name="known">A reader and what is known of it; 0 knows nothing.</param>
    /// <returns>The state and ATR of each; null where nothing changed, or one is none any more.</returns>
    public IReadOnlyList<(uint State, Bytes Atr)>? WaitForChanges(
        IReadOnlyList<(string Reader, uint State)> known, TimeSpan patience)
    {
        if (known.Count == 0) throw new ArgumentException("There is nothing to wait for.", nameof(known));
        var states = new Winscard.ReaderState[known.Count];
        var names = new GCHandle[states.Length];
        try
        {
            for (var i = 0; i < states.Length; i++)
            {
                var (reader, state) = known[i];
                names[i] = GCHandle.Alloc(Name(reader), GCHandleType.Pinned);
                states[i] = new Winscard.ReaderState
                {
                    Reader = (byte*)names[i].AddrOfPinnedObject(), CurrentState = new CULong(state),
                };
            }

            fixed (Winscard.ReaderState* first = states)
            {
                var limit = new CULong((uint)patience.TotalMilliseconds);
                var status = Status(Winscard.SCardGetStatusChange(_handle, limit, first, new CULong((uint)states.Length)));
                // A reader that has gone since it was listed is one that changed.
                if (status == PcscStatus.Timeout || status == PcscStatus.UnknownReader) return null;
                if (!status.IsSuccess) throw Failed(status, "SCardGetStatusChange");
                return [.. states.Select(state => ((uint)state.EventState.Value, state.AnswerToReset))];
            }
        }
        finally
        {
            foreach (var name in names)
            {
                if (name.IsAllocated) name.Free();
            }
        }
    }

    /// <summary>Ends a wait that has begun; it fails with SCARD_E_CANCELLED.</summary>
    public void Cancel() => _ = Winscard.SCardCancel(_handle);

    /// <summary>Powers and connects the one card of this context, which ends with it.</summary>
    public NativeCard Connect(string reader, bool exclusive)
    {
        fixed (byte* name = Name(reader))
        {
            var mode = NativeCard.ShareMode(exclusive);
            var status = Status(Winscard.SCardConnect(
                _handle, name, mode, NativeCard.AnyProtocol, out var card, out var protocol));
            if (!status.IsSuccess) throw PcscException.Of(status, "SCardConnect", reader);
            return _card = new NativeCard(card, reader, exclusive, (uint)protocol.Value);
        }
    }

    public void Dispose()
    {
        _card?.Release();
        if (_handle != 0) _ = Winscard.SCardReleaseContext(_handle);
        _handle = 0;
    }

    private static Encoding Characters => OperatingSystem.IsWindows() ? Encoding.Unicode : Encoding.UTF8;

    private static IOException Failed(PcscStatus status, string function) =>
        PcscException.Of(status, function, "the list of readers");
}
