using System.Security.Cryptography;
using Tessera.Terminal.Scripts;
using Tessera.Testing;
using Tessera.Toolkit.Interpretation;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Scripts;

public sealed class FileScriptJournalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("scripts.journal");

    [Fact]
    public void A_new_journal_remembers_nothing()
    {
        using var journal = FileScriptJournal.Open(Path);

        Assert.Equal(0, journal.LastSession);
        Assert.Null(journal.Find(1, 1));
        Assert.Equal(0, journal.LastNumber(1));
    }

    [Fact]
    public void Opened_again_it_knows_sessions_scripts_and_answers()
    {
        Write(journal =>
        {
            journal.OpenSession(7);
            Run(journal, 7, 1);
            journal.Begin(7, 3, Hash(7, 3));
        });

        using var journal = FileScriptJournal.Open(Path);

        Assert.Equal(7, journal.LastSession);
        Assert.Equal(3, journal.LastNumber(7));
        Assert.Equal(new JournaledScript(Hash(7, 1), Answer(7, 1)), journal.Find(7, 1));
        Assert.Equal(new JournaledScript(Hash(7, 3), null), journal.Find(7, 3));
    }

    [Fact]
    public void A_session_opened_anew_under_an_old_number_forgets_the_old_scripts()
    {
        Write(journal =>
        {
            journal.OpenSession(7);
            Run(journal, 7, 1);
            journal.OpenSession(8);
            journal.OpenSession(7);
        });

        using var journal = FileScriptJournal.Open(Path);

        Assert.Equal(7, journal.LastSession);
        Assert.Null(journal.Find(7, 1));
    }

    [Fact]
    public void Cut_at_every_octet_it_is_a_journal_of_what_was_written_before()
    {
        Action<FileScriptJournal>[] life =
        [
            journal => journal.OpenSession(1),
            journal => journal.Begin(1, 1, Hash(1, 1)),
            journal => journal.Finish(1, 1, Answer(1, 1)),
            journal => journal.Begin(1, 2, Hash(1, 2)),
            journal => journal.OpenSession(2),
            journal => journal.Begin(2, 1, Hash(2, 1)),
            journal => journal.Finish(2, 1, Answer(2, 1)),
        ];
        var (lengths, states) = (new List<long> { 0 }, new List<string> { "0" });
        Write(journal =>
        {
            foreach (var act in life)
            {
                act(journal);
                lengths.Add(new FileInfo(Path).Length);
                states.Add(State(journal));
            }
        });
        var whole = File.ReadAllBytes(Path);

        for (var cut = 0; cut <= whole.Length; cut++)
        {
            File.WriteAllBytes(Path, whole[..cut]);
            var expected = states[lengths.FindLastIndex(length => length <= cut)];
            Write(journal =>
            {
                Assert.Equal(expected, State(journal));
                journal.OpenSession(9);
            });

            Write(journal => Assert.Equal($"9{expected[1..]}", State(journal)));
        }
    }

    [Fact]
    public void Noise_behind_the_last_record_is_cut_off()
    {
        Write(journal => journal.OpenSession(7));
        var length = new FileInfo(Path).Length;
        foreach (var noise in Enumerable.Range(1, 64))
        {
            File.AppendAllBytes(Path, RandomNumberGenerator.GetBytes(noise));

            Write(journal => Assert.Equal(7, journal.LastSession));

            Assert.Equal(length, new FileInfo(Path).Length);
        }
    }

    [Fact]
    public void It_remembers_sixteen_sessions()
    {
        Write(journal =>
        {
            foreach (var session in Enumerable.Range(1, 20).Select(number => (ushort)number))
            {
                journal.OpenSession(session);
                Run(journal, session, 1);
            }
        });

        using var journal = FileScriptJournal.Open(Path);

        Assert.Equal(
            Enumerable.Range(5, FileScriptJournal.MaxSessions),
            Enumerable.Range(1, 20).Where(session => journal.Find((ushort)session, 1) is not null));
    }

    [Fact]
    public void A_file_that_has_grown_is_written_anew_with_what_is_remembered()
    {
        const int big = 8000;
        using (var journal = FileScriptJournal.Open(Path))
        {
            ushort session = 0;
            for (long before = 0, now = 0; now >= before; before = now, now = new FileInfo(Path).Length)
            {
                journal.OpenSession(++session);
                foreach (var number in Enumerable.Range(1, 20)) Run(journal, session, (byte)number, big);
                Assert.True(session < 200, "It grows for ever.");
            }

            CheckLastSessions(journal, session);
        }

        Assert.True(new FileInfo(Path).Length < (FileScriptJournal.MaxSessions + 1) * 20 * (big + 100));
        using var again = FileScriptJournal.Open(Path);
        CheckLastSessions(again, again.LastSession);

        void CheckLastSessions(FileScriptJournal journal, ushort last)
        {
            Assert.Equal(last, journal.LastSession);
            foreach (var session in Enumerable.Range(last - FileScriptJournal.MaxSessions + 1, FileScriptJournal.MaxSessions))
                Assert.Equal(Answer(session, 20, big), journal.Find((ushort)session, 20)?.Answer);
            Assert.Null(journal.Find((ushort)(last - FileScriptJournal.MaxSessions), 20));
        }
    }

    [Fact]
    public void What_a_compaction_left_unfinished_does_no_harm()
    {
        File.WriteAllText(Path + ".new", "half of a journal");
        Write(journal => journal.OpenSession(7));

        Write(journal => Assert.Equal(7, journal.LastSession));
    }

    [Theory]
    [InlineData("a letter to a friend")]
    [InlineData("TSJ is no magic")]
    [InlineData("TSJ\u0002")]
    [InlineData("x")]
    public void A_foreign_file_is_refused_and_left_as_it_is(string content)
    {
        File.WriteAllText(Path, content);

        Assert.Throws<InvalidDataException>(() => FileScriptJournal.Open(Path));

        Assert.Equal(content, File.ReadAllText(Path));
    }

    [Fact]
    public void A_second_opener_is_refused()
    {
        using var first = FileScriptJournal.Open(Path);

        Assert.Throws<IOException>(() => FileScriptJournal.Open(Path));

        first.OpenSession(7);
        Assert.Equal(7, first.LastSession);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(Action<FileScriptJournal> act)
    {
        using var journal = FileScriptJournal.Open(Path);
        act(journal);
    }

    private static void Run(FileScriptJournal journal, ushort session, byte number, int length = 100)
    {
        journal.Begin(session, number, Hash(session, number));
        journal.Finish(session, number, Answer(session, number, length));
    }

    private static string State(FileScriptJournal journal) => string.Join(
        '|',
        from session in Enumerable.Range(1, 2)
        from number in Enumerable.Range(1, 3)
        let known = journal.Find((ushort)session, (byte)number)
        where known is not null
        select $"{session}.{number} {known.Hash} {known.Answer}") is { Length: > 0 } scripts
        ? $"{journal.LastSession} {scripts}"
        : $"{journal.LastSession}";

    private static Bytes Hash(int session, int number) => new(SHA256.HashData([(byte)session, (byte)number]));

    /// <summary>Octets that tell session and number, none of them like its neighbours.</summary>
    private static Bytes Answer(int session, int number, int length = 100) =>
        new((byte[])[.. Enumerable.Range(0, length).Select(i => (byte)((i * 7) + session + (number << 4)))]);
}
