using System.Buffers;
using Tessera.Toolkit.Interpretation;
using Tessera.Wire;

namespace Tessera.Terminal.Scripts;

/// <summary>
/// The journal of a terminal in one file that only grows, each record on disk before its call returns; a torn tail is
/// cut
/// off, and a file that has grown is written anew with what is still remembered.
/// </summary>
/// <remarks>
/// <code>
/// magic "TSJ" 01
/// { kind 1 | session 2 | number 1 | length 4 | octets | checksum 8 }
///     kind 01 session opened    02 begun: hash 32    03 finished: response script
/// </code>
/// The checksum is the first 8 octets of SHA-256 over kind to octets.
/// </remarks>
public sealed class FileScriptJournal : IScriptJournal, IDisposable
{
    /// <summary>Sessions remembered, with all their scripts.</summary>
    public const int MaxSessions = 16;

    private const int CompactAt = 4 * 1024 * 1024;

    private static readonly byte[] Magic = [.. "TSJ"u8, 1];

    private readonly string _path;
    private readonly Dictionary<(ushort Session, byte Number), JournaledScript> _scripts = [];
    private readonly List<ushort> _sessions = [];
    private FileStream _file;

    private FileScriptJournal(string path, FileStream file) => (_path, _file) = (path, file);

    public ushort LastSession => _sessions.Count == 0 ? (ushort)0 : _sessions[^1];

    /// <summary>
    /// Opens the file, making it if it is not there, and cuts off a record that was not written whole.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is no journal.</exception>
    /// <exception cref="IOException">Another terminal uses it.</exception>
    public static FileScriptJournal Open(string path)
    {
        var file = OpenFile(path, FileMode.OpenOrCreate);
        var journal = new FileScriptJournal(path, file);
        try
        {
            journal.Read();
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public JournaledScript? Find(ushort session, byte number) => _scripts.GetValueOrDefault((session, number));

    public byte LastNumber(ushort session) =>
        _scripts.Keys.Where(key => key.Session == session).Select(key => key.Number).DefaultIfEmpty().Max();

    public void OpenSession(ushort session)
    {
        if (_file.Length > CompactAt) Compact();
        Append(new JournalRecord(JournalKind.Opened, session, 0, Bytes.Empty));
    }

    public void Begin(ushort session, byte number, Bytes hash) =>
        Append(new JournalRecord(JournalKind.Begun, session, number, hash));

    public void Finish(ushort session, byte number, Bytes answer) =>
        Append(new JournalRecord(JournalKind.Finished, session, number, answer));

    public void Dispose() => _file.Dispose();

    private static FileStream OpenFile(string path, FileMode mode) => new(path, new FileStreamOptions
    {
        Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
    });

    private void Read()
    {
        Span<byte> magic = stackalloc byte[Magic.Length];
        var found = magic[.._file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false)];
        if (!Magic.AsSpan().StartsWith(found)) throw new InvalidDataException($"{_path} is no journal of scripts.");
        if (found.Length < Magic.Length)
        {
            Rewrite(_file);
            return;
        }

        var octets = new byte[_file.Length - Magic.Length];
        _file.ReadExactly(octets);
        var good = 0;
        while (JournalRecord.TryRead(octets.AsSpan(good), out var record, out var length))
        {
            Apply(record);
            good += length;
        }

        if (good == octets.Length) return;
        _file.SetLength(Magic.Length + good);
        _file.Seek(0, SeekOrigin.End);
        _file.Flush(flushToDisk: true);
    }

    private void Append(JournalRecord record)
    {
        _file.Write(Bytes.Of(record).Span);
        _file.Flush(flushToDisk: true);
        Apply(record);
    }

    private void Apply(JournalRecord record)
    {
        var key = (record.Session, record.Number);
        switch (record.Kind)
        {
            case JournalKind.Opened:
                Forget(record.Session);
                _sessions.Add(record.Session);
                if (_sessions.Count > MaxSessions) Forget(_sessions[0]);
                break;
            case JournalKind.Begun:
                _scripts[key] = new JournaledScript(record.Octets, null);
                break;
            case JournalKind.Finished when _scripts.TryGetValue(key, out var begun):
                _scripts[key] = begun with { Answer = record.Octets };
                break;
        }
    }

    private void Forget(ushort session)
    {
        _sessions.Remove(session);
        foreach (var key in _scripts.Keys.Where(key => key.Session == session).ToArray()) _scripts.Remove(key);
    }

    /// <summary>Writes what is remembered beside the file, then takes its place.</summary>
    private void Compact()
    {
        var fresh = _path + ".new";
        using (var file = OpenFile(fresh, FileMode.Create)) Rewrite(file);
        _file.Dispose();
        File.Move(fresh, _path, overwrite: true);
        _file = OpenFile(_path, FileMode.Open);
        _file.Seek(0, SeekOrigin.End);
    }

    private void Rewrite(FileStream file)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ByteWriter(output);
        writer.WriteOctets(Magic);
        foreach (var session in _sessions)
        {
            new JournalRecord(JournalKind.Opened, session, 0, Bytes.Empty).Write(writer);
            foreach (var (key, script) in _scripts.Where(pair => pair.Key.Session == session).OrderBy(pair => pair.Key.Number))
            {
                new JournalRecord(JournalKind.Begun, session, key.Number, script.Hash).Write(writer);
                if (script.Answer is not { } answer) continue;
                new JournalRecord(JournalKind.Finished, session, key.Number, answer).Write(writer);
            }
        }

        file.SetLength(0);
        file.Write(output.WrittenSpan);
        file.Flush(flushToDisk: true);
    }
}
