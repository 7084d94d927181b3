using Tessera.VirtualCard.Memory;

namespace Tessera.VirtualCard.Tests.Support;

/// <summary>The power went; what was not flushed may be there, torn, or not.</summary>
public sealed class PowerLostException() : IOException("The power went.");

/// <summary>
/// A medium whose power goes at a chosen physical step: in the middle of a write or before a flush returns. Without a
/// lottery the writes before the cut are all there; with one each write since the last flush is kept, torn or lost.
/// </summary>
internal sealed class CutMedium(ReadOnlySpan<byte> image) : IImageMedium
{
    private readonly List<(int Offset, byte[] Octets)> _unflushed = [];
    private byte[] _flushed = image.ToArray();
    private byte[] _written = image.ToArray();
    private int _stepsLeft = int.MaxValue;
    private Func<int, int> _tear = _ => 0;
    private Random? _lottery;

    public CutMedium() : this([]) { }

    public string Name => "test image";

    public int Length => _written.Length;

    /// <summary>Physical steps, writes and flushes, since the last <see cref="CutAfter"/>.</summary>
    public int Steps { get; private set; }

    public bool IsCut { get; private set; }

    /// <summary>What the next opening finds.</summary>
    public byte[] Image => IsCut ? _flushed : _written;

    /// <summary>Lets <paramref name="steps"/> steps pass and cuts the next one.</summary>
    /// <param name="tear">How many octets of a write of that length are still written.</param>
    public void CutAfter(int steps, Func<int, int> tear, Random? lottery = null) =>
        (_stepsLeft, _tear, _lottery, Steps) = (steps, tear, lottery, 0);

    public void CutNever() => CutAfter(int.MaxValue, _ => 0);

    public void Read(int offset, Span<byte> octets)
    {
        if (IsCut) throw new PowerLostException();
        _written.AsSpan(offset, octets.Length).CopyTo(octets);
    }

    public void Write(int offset, ReadOnlySpan<byte> octets)
    {
        if (IsLastStep())
        {
            _unflushed.Add((offset, octets[..Math.Clamp(_tear(octets.Length), 0, octets.Length)].ToArray()));
            Cut();
        }

        _unflushed.Add((offset, octets.ToArray()));
        Apply(ref _written, offset, octets);
    }

    public void Flush()
    {
        if (IsLastStep()) Cut();
        _flushed = [.. _written];
        _unflushed.Clear();
    }

    public void Dispose()
    {
        // The image is looked at afterwards.
    }

    private bool IsLastStep()
    {
        if (IsCut) throw new PowerLostException();
        Steps++;
        return _stepsLeft-- == 0;
    }

    private void Cut()
    {
        IsCut = true;
        foreach (var (offset, octets) in _unflushed)
        {
            var kept = _lottery?.Next(3) switch
            {
                0 => 0,
                1 => _lottery.Next(octets.Length + 1),
                _ => octets.Length,
            };
            Apply(ref _flushed, offset, octets.AsSpan(0, kept));
        }

        throw new PowerLostException();
    }

    private static void Apply(ref byte[] image, int offset, ReadOnlySpan<byte> octets)
    {
        if (image.Length < offset + octets.Length) Array.Resize(ref image, offset + octets.Length);
        octets.CopyTo(image.AsSpan(offset));
    }
}
