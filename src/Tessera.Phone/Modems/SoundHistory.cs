namespace Tessera.Phone.Modems;

/// <summary>The last samples that were heard, by their number since the first.</summary>
/// <param name="capacity">How many are there at least, once that many were heard.</param>
internal sealed class SoundHistory(int capacity)
{
    private readonly float[] _samples = new float[2 * capacity];
    private readonly bool[] _concealed = new bool[2 * capacity];
    private int _count;

    /// <summary>The number of the first that is still there.</summary>
    public long Begin { get; private set; }

    /// <summary>The number of the first that is not there yet.</summary>
    public long End => Begin + _count;

    /// <param name="samples">No more than the capacity.</param>
    public void Append(ReadOnlySpan<short> samples, bool concealed)
    {
        if (_count + samples.Length > _samples.Length) Forget();
        for (var i = 0; i < samples.Length; i++) _samples[_count + i] = samples[i];
        _concealed.AsSpan(_count, samples.Length).Fill(concealed);
        _count += samples.Length;
    }

    public ReadOnlySpan<float> Slice(long from, int length) => _samples.AsSpan((int)(from - Begin), length);

    /// <summary>Whether one of these samples was not heard but made up.</summary>
    public bool IsConcealed(long from, int length) => _concealed.AsSpan((int)(from - Begin), length).Contains(true);

    private void Forget()
    {
        var gone = _count - capacity;
        _samples.AsSpan(gone, capacity).CopyTo(_samples);
        _concealed.AsSpan(gone, capacity).CopyTo(_concealed);
        _count = capacity;
        Begin += gone;
    }
}
