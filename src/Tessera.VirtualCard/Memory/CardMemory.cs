using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.VirtualCard.Memory;

/// <summary>Non-volatile memory of a card: objects, changed in transactions that power loss cannot split.</summary>
/// <remarks>
/// A commit writes the redo log, flushes, writes the cells, flushes. Until the log is whole on the medium an opening
/// finds the state before, from then on the state after. A medium that fails makes the memory useless until it is
/// opened again.
/// </remarks>
internal sealed class CardMemory : IDisposable
{
    private readonly IImageMedium _medium;
    private readonly OrderedDictionary<int, Cell> _cells;
    private readonly Dictionary<int, byte[]> _contents = [];

    /// <summary>Itself, or what it is a part of: there alone is known whether it is usable, and in a transaction.</summary>
    private readonly CardMemory _whole;

    private readonly Predicate<int> _isMine = _ => true;
    private bool _inTransaction;
    private bool _usable = true;

    private CardMemory(IImageMedium medium, ImageHeader header)
    {
        (_medium, Pages, _whole) = (medium, header.Pages, this);
        _cells = header.Cells;
        foreach (var cell in _cells.Values) _contents.Add(cell.Id, cell.Read(medium));
    }

    private CardMemory(CardMemory whole, Predicate<int> isMine)
    {
        (_medium, _cells, _contents, Pages) = (whole._medium, whole._cells, whole._contents, whole.Pages);
        (_whole, _isMine) = (whole._whole, id => whole._isMine(id) && isMine(id));
    }

    /// <summary>How many pages of <see cref="ImageHeader.PageLength"/> there are.</summary>
    public int Pages { get; }

    /// <summary>Makes an image of an empty medium: cells first, the header that makes it an image last.</summary>
    /// <param name="pages">What each page of the file system holds; none on a card without files.</param>
    public static void Format(
        IImageMedium medium, IReadOnlyCollection<NewCell> cells, IReadOnlyList<Bytes>? pages = null)
    {
        pages ??= [];
        if (medium.Length != 0) throw new ArgumentException($"{medium.Name} is not empty.", nameof(medium));

        var header = new ImageHeader(cells.Select(cell => (cell.Id, cell.Capacity)), pages.Count);
        foreach (var cell in cells) Fitting(header.Cells[cell.Id], cell.Content.Span);
        medium.Write(header.ImageLength - 1, [0]);
        foreach (var cell in cells) header.Cells[cell.Id].Write(medium, cell.Content.Span);
        for (var page = 0; page < pages.Count; page++)
            header.Cells[Cell.FirstPage + page].Write(medium, pages[page].Span);
        medium.Flush();
        header.WriteTo(medium);
        medium.Flush();
    }

    /// <summary>Opens an image and completes the transaction that was cut, if one was.</summary>
    /// <exception cref="DamagedImageException">The medium does not hold a whole image.</exception>
    public static CardMemory Open(IImageMedium medium)
    {
        var header = ImageHeader.Read(medium);
        var changes = RedoLog.Read(medium);
        foreach (var (id, content) in changes)
        {
            if (!header.Cells.TryGetValue(id, out var cell) || content.Length > cell.Capacity)
                throw new DamagedImageException(medium.Name, ImageHeader.Length, $"its log has no right cell {id:X2}");
            cell.Write(medium, content);
        }

        if (changes.Count > 0) medium.Flush();
        return new CardMemory(medium, header);
    }

    /// <summary>
    /// The same memory for a program that some objects are none of the business of: they are not there for it. It is
    /// disposed of with the whole.
    /// </summary>
    /// <param name="isMine">By id, whether the program is handed it.</param>
    public CardMemory Part(Predicate<int> isMine) => new(this, isMine);

    /// <summary>The object as last committed; the octets are erased by the commit that changes them.</summary>
    public ReadOnlySpan<byte> Read(int id)
    {
        ThrowIfUnusable();
        return _contents[Mine(id)];
    }

    /// <summary>True when the image has such an object, and this is no part without it.</summary>
    public bool Has(int id) => _isMine(id) && _cells.ContainsKey(id);

    /// <summary>Opens the one transaction there can be; without a commit it leaves everything as it was.</summary>
    public MemoryTransaction Begin()
    {
        ThrowIfUnusable();
        if (_whole._inTransaction) throw new InvalidOperationException("A transaction is open.");
        _whole._inTransaction = true;
        return new MemoryTransaction(this);
    }

    public void Dispose()
    {
        _whole._usable = false;
        foreach (var content in _contents.Values) CryptographicOperations.ZeroMemory(content);
        _medium.Dispose();
    }

    internal static ReadOnlySpan<byte> Fitting(Cell cell, ReadOnlySpan<byte> content) =>
        content.Length <= cell.Capacity
            ? content
            : throw new ArgumentException(
                $"Cell {cell.Id:X2} holds {cell.Capacity} octets, not {content.Length}.", nameof(content));

    internal Cell this[int id] => _cells[Mine(id)];

    internal void Commit(IReadOnlyCollection<CellChange> changes)
    {
        ThrowIfUnusable();
        _whole._usable = false;
        RedoLog.Write(_medium, changes);
        _medium.Flush();
        foreach (var (id, content) in changes) _cells[id].Write(_medium, content);
        _medium.Flush();
        _whole._usable = true;

        foreach (var (id, content) in changes)
        {
            CryptographicOperations.ZeroMemory(_contents[id]);
            _contents[id] = content;
        }
    }

    internal void End() => _whole._inTransaction = false;

    private int Mine(int id) =>
        _isMine(id) ? id : throw new InvalidOperationException($"Object {id:X2} is another program's.");

    private void ThrowIfUnusable()
    {
        if (!_whole._usable) throw new IOException($"{_medium.Name} failed or was closed: the card must be opened again.");
    }
}

/// <summary>An object of an image to be made: its room and what it holds at first.</summary>
internal readonly record struct NewCell(int Id, int Capacity, Bytes Content);
