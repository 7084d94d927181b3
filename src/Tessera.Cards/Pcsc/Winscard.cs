using System.Reflection;
using System.Runtime.InteropServices;
using Tessera.Wire;

namespace Tessera.Cards.Pcsc;

/// <summary>The functions of PC/SC part 5 as C has them: libpcsclite on Linux, winscard on Windows.</summary>
/// <remarks>
/// DWORD and LONG are a C long on both: 8 octets on 64-bit Linux, 4 on Windows. Names are UTF-8 on Linux; on Windows
/// the functions that take names end in W.
/// </remarks>
internal static unsafe partial class Winscard
{
    private const string Library = "winscard";
    private const string LinuxLibrary = "libpcsclite.so.1";

    static Winscard() => NativeLibrary.SetDllImportResolver(typeof(Winscard).Assembly, Resolve);

    [LibraryImport(Library)]
    public static partial CLong SCardEstablishContext(CULong scope, nint reserved1, nint reserved2, out nint context);

    [LibraryImport(Library)]
    public static partial CLong SCardReleaseContext(nint context);

    [LibraryImport(Library)]
    public static partial CLong SCardCancel(nint context);

    [LibraryImport(Library)]
    public static partial CLong SCardReconnect(
        nint card, CULong shareMode, CULong protocols, CULong initialization, out CULong protocol);

    [LibraryImport(Library)]
    public static partial CLong SCardDisconnect(nint card, CULong disposition);

    [LibraryImport(Library)]
    public static partial CLong SCardBeginTransaction(nint card);

    [LibraryImport(Library)]
    public static partial CLong SCardEndTransaction(nint card, CULong disposition);

    [LibraryImport(Library)]
    public static partial CLong SCardTransmit(
        nint card,
        in IoRequest sendPci,
        byte* send,
        CULong sendLength,
        IoRequest* receivePci,
        byte* receive,
        ref CULong receiveLength);

    [LibraryImport(Library)]
    public static partial CLong SCardControl(
        nint card,
        CULong code,
        byte* send,
        CULong sendLength,
        byte* receive,
        CULong receiveSize,
        out CULong receiveLength);

    public static CLong SCardListReaders(nint context, byte* readers, ref CULong length) => OperatingSystem.IsWindows()
        ? ListReadersW(context, null, readers, ref length)
        : ListReaders(context, null, readers, ref length);

    public static CLong SCardGetStatusChange(nint context, CULong timeout, ReaderState* states, CULong count) =>
        OperatingSystem.IsWindows()
            ? GetStatusChangeW(context, timeout, states, count)
            : GetStatusChange(context, timeout, states, count);

    public static CLong SCardConnect(
        nint context, byte* reader, CULong shareMode, CULong protocols, out nint card, out CULong protocol) =>
        OperatingSystem.IsWindows()
            ? ConnectW(context, reader, shareMode, protocols, out card, out protocol)
            : Connect(context, reader, shareMode, protocols, out card, out protocol);

    public static CLong SCardStatus(
        nint card,
        byte* reader,
        ref CULong length,
        out CULong state,
        out CULong protocol,
        byte* atr,
        ref CULong atrSize) =>
        OperatingSystem.IsWindows()
            ? StatusW(card, reader, ref length, out state, out protocol, atr, ref atrSize)
            : Status(card, reader, ref length, out state, out protocol, atr, ref atrSize);

    [LibraryImport(Library, EntryPoint = "SCardListReaders")]
    private static partial CLong ListReaders(nint context, byte* groups, byte* readers, ref CULong length);

    [LibraryImport(Library, EntryPoint = "SCardListReadersW")]
    private static partial CLong ListReadersW(nint context, byte* groups, byte* readers, ref CULong length);

    [LibraryImport(Library, EntryPoint = "SCardGetStatusChange")]
    private static partial CLong GetStatusChange(nint context, CULong timeout, ReaderState* states, CULong count);

    [LibraryImport(Library, EntryPoint = "SCardGetStatusChangeW")]
    private static partial CLong GetStatusChangeW(nint context, CULong timeout, ReaderState* states, CULong count);

    [LibraryImport(Library, EntryPoint = "SCardConnect")]
    private static partial CLong Connect(
        nint context, byte* reader, CULong shareMode, CULong protocols, out nint card, out CULong protocol);

    [LibraryImport(Library, EntryPoint = "SCardConnectW")]
    private static partial CLong ConnectW(
        nint context, byte* reader, CULong shareMode, CULong protocols, out nint card, out CULong protocol);

    [LibraryImport(Library, EntryPoint = "SCardStatus")]
    private static partial CLong Status(
        nint card,
        byte* reader,
        ref CULong length,
        out CULong state,
        out CULong protocol,
        byte* atr,
        ref CULong atrSize);

    [LibraryImport(Library, EntryPoint = "SCardStatusW")]
    private static partial CLong StatusW(
        nint card,
        byte* reader,
        ref CULong length,
        out CULong state,
        out CULong protocol,
        byte* atr,
        ref CULong atrSize);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        string.Equals(name, Library, StringComparison.Ordinal) && !OperatingSystem.IsWindows()
            ? NativeLibrary.Load(LinuxLibrary, assembly, path)
            : 0;

    /// <summary>SCARD_IO_REQUEST.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct IoRequest(uint protocol)
    {
        private readonly CULong _protocol = new(protocol);
        private readonly CULong _length = new((uint)sizeof(IoRequest));
    }

    /// <summary>SCARD_READERSTATE; on Linux its ATR has 33 octets, and 3 of padding follow.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ReaderState
    {
        private const int AtrSize = 36;

        public byte* Reader;
        public nint UserData;
        public CULong CurrentState;
        public CULong EventState;
        public CULong AtrLength;
        public fixed byte Atr[AtrSize];

        public readonly Bytes AnswerToReset
        {
            get
            {
                fixed (byte* octets = Atr)
                    return Bytes.CopyOf(new ReadOnlySpan<byte>(octets, (int)Math.Min((ulong)AtrLength.Value, AtrSize)));
            }
        }
    }
}
