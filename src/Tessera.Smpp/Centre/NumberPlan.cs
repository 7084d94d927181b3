namespace Tessera.Smpp.Centre;

/// <summary>Which address belongs to whom.</summary>
internal sealed class NumberPlan
{
    private readonly Dictionary<string, Party> _whole = new(StringComparer.Ordinal);
    private readonly List<(string Prefix, Party Party)> _ranges = [];
    private readonly Dictionary<string, string> _first = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">Two own the same address, number or SIM.</exception>
    public NumberPlan(CentreOptions options)
    {
        if (options.Subscribers.DistinctBy(subscriber => subscriber.Imsi).Count() != options.Subscribers.Count)
            throw new ArgumentException("Two subscribers have the same IMSI.", nameof(options));
        if (options.Esmes.DistinctBy(esme => esme.SystemId, StringComparer.Ordinal).Count() != options.Esmes.Count)
            throw new ArgumentException("Two ESMEs have the same system_id.", nameof(options));

        foreach (var subscriber in options.Subscribers) Own(subscriber.Number.Digits, Party.Of(subscriber.Number));
        foreach (var esme in options.Esmes)
        {
            foreach (var address in esme.Addresses) Own(address.TrimStart('+'), Party.Esme(esme.SystemId));
        }

        _ranges.Sort((left, right) => right.Prefix.Length.CompareTo(left.Prefix.Length));
    }

    /// <summary>Who gets what is sent to that address; null where it is nobody's.</summary>
    public Party? OwnerOf(string address)
    {
        var key = address.TrimStart('+');
        if (_whole.TryGetValue(key, out var party)) return party;
        foreach (var (prefix, owner) in _ranges)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal)) return owner;
        }

        return null;
    }

    /// <summary>What an ESME sends from if it does not say; null where it owns no whole address.</summary>
    public string? FirstOf(string systemId) => _first.GetValueOrDefault(systemId);

    private void Own(string address, Party party)
    {
        if (address is [.. var prefix, '*'])
        {
            _ranges.Add((prefix, party));
            return;
        }

        if (!_whole.TryAdd(address, party)) throw new ArgumentException($"Two own {address}.", nameof(address));
        if (party.Kind == PartyKind.Esme) _first.TryAdd(party.Name, address);
    }
}
