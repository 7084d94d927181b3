using Tessera.Phone.Sound;

namespace Tessera.Phone.Tones;

/// <summary>How a caller's entry stands.</summary>
public enum KeyEntry
{
    /// <summary>More is waited for.</summary>
    Open,

    /// <summary>It is what was asked for.</summary>
    Complete,

    /// <summary>Nothing was pressed in time.</summary>
    Silent,

    /// <summary>It ended before it was what was asked for.</summary>
    Short,
}

/// <summary>Collects the keys of one entry; time passes with the samples of the call.</summary>
public sealed class KeyCollector
{
    private readonly KeyRule _rule;
    private readonly List<char> _keys = [];
    private long _left;

    public KeyCollector(KeyRule rule)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rule.Least, 0, nameof(rule));
        ArgumentOutOfRangeException.ThrowIfLessThan(rule.Most, Math.Max(1, rule.Least), nameof(rule));
        _rule = rule;
        _left = AudioBlock.SamplesIn(rule.First);
    }

    public KeyEntry State { get; private set; } = KeyEntry.Open;

    /// <summary>What was pressed, without the key that ended it. It may be secret: it is in no log.</summary>
    public string Keys => new([.. _keys]);

    /// <summary>A key was pressed; after the end, or where there is no such key, it is no part of this entry.</summary>
    public void Press(char key)
    {
        if (State != KeyEntry.Open || !Knows(key)) return;
        _left = AudioBlock.SamplesIn(_rule.Next);
        if (key == _rule.End)
        {
            End();
            return;
        }

        if (key == _rule.Back)
        {
            _keys.Clear();
            return;
        }

        _keys.Add(key);
        if (_keys.Count == _rule.Most) State = KeyEntry.Complete;
    }

    /// <summary>Whether there is such a key.</summary>
    public bool Knows(char key) => _rule.Only?.Contains(key) ?? true;

    /// <summary>That many samples of the call went by. While a question is being asked nobody counts.</summary>
    public void Wait(int samples)
    {
        if (State != KeyEntry.Open) return;
        _left -= samples;
        if (_left <= 0) End();
    }

    private void End() =>
        State = _keys.Count >= _rule.Least ? KeyEntry.Complete : _keys.Count == 0 ? KeyEntry.Silent : KeyEntry.Short;
}
