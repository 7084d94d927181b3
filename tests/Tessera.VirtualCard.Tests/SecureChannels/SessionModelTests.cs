using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.SecureChannels;

/// <summary>
/// Random rows of right, wrong, changed, repeated and left out commands against a model that says in one line each when
/// the applet may be asked.
/// </summary>
public class SessionModelTests
{
    private const int Steps = 12_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_applet_is_asked_what_its_host_asked_and_nothing_else(int seed)
    {
        using var run = new Run(seed);
        for (var i = 0; i < Steps; i++) run.Step($"seed {seed}, step {i}");

        TestContext.Current.TestOutputHelper!.WriteLine(run.ToString());
        Assert.All(run.Counts, count => Assert.True(count.Value > 10, $"{count.Key}: {count.Value}"));
    }

    private sealed class Run : IDisposable
    {
        private readonly Random _random;
        private readonly Scp03Keys _keys;
        private readonly SecuredCard _card;
        private readonly List<CommandApdu> _heard = [];
        private Scp03Host? _host;
        private CommandApdu? _authenticate;
        private SecurityLevel? _open;

        public Run(int seed)
        {
            _random = new Random(seed);
            var length = _random.Next(3) switch { 0 => 16, 1 => 24, _ => 32 };
            _keys = new Scp03Keys(Key(length), Key(length), Key(length));
            using var domain = SecuredCard.Domain(_keys);
            _card = new SecuredCard(domain);
        }

        public SortedDictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

        private bool HasCodes => _open is { } level && level.HasFlag(SecurityLevel.CommandMac);

        public void Step(string where)
        {
            switch (_random.Next(40))
            {
                case 0:
                    Lose(_random.Next(2) == 0);
                    break;
                case <= 2:
                    Begin();
                    break;
                case <= 12 when _authenticate is not null:
                    Authenticate(where);
                    break;
                case <= 32 when HasCodes:
                    Ask(where);
                    break;
                case 33:
                    Plain(where);
                    break;
                case 34 when _heard.Count > 0:
                    Refuse(where, "heard before", _heard[_random.Next(_heard.Count)]);
                    break;
                case 35 or 39 when HasCodes:
                    Refuse(where, "changed", Changed(_host!.Wrap(Command())));
                    break;
                case 36 or 38 when HasCodes:
                    _host!.Wrap(Command());
                    Refuse(where, "one left out", _host.Wrap(Command()));
                    break;
                case 37:
                    Refuse(where, "made up", Command() with { Cla = 0x84 });
                    break;
            }
        }

        public void Dispose()
        {
            _host?.Dispose();
            _keys.Dispose();
            _card.Dispose();
        }

        public override string ToString() => string.Join(", ", Counts.Select(count => $"{count.Key} {count.Value}"));

        private void Count(string what) => Counts[what] = Counts.GetValueOrDefault(what) + 1;

        private void Lose(bool bySelection)
        {
            if (!bySelection) _card.Reset();
            _card.Send(GlobalPlatformCommands.Select(SecuredCard.Aid));
            Over();
        }

        private void Over()
        {
            _host?.Dispose();
            (_host, _authenticate, _open) = (null, null, null);
        }

        private void Begin()
        {
            Over();
            var challenge = new byte[8];
            _random.NextBytes(challenge);
            var answer = _card.Send(GlobalPlatformCommands.InitializeUpdate(0, new Bytes(challenge)));
            _host = Scp03Host.Open(_keys, new Bytes(challenge), answer.Data.Read<InitializeUpdateAnswer>());
            _authenticate = _host.Authenticate(SecurityLevels.All[_random.Next(SecurityLevels.All.Count)]);
        }

        private void Authenticate(string where)
        {
            var command = _authenticate!;
            _heard.Add(command);
            if (_random.Next(4) == 0)
            {
                Refuse(where, "authentication changed", Changed(command));
                return;
            }

            Assert.Equal((where, StatusWord.Success), (where, _card.Send(command).Status));
            (_open, _authenticate) = (_host!.Level, null);
            Count("opened");
        }

        private void Ask(string where)
        {
            var (command, answer) = (Command(), Answer());
            _card.Answer = answer;
            var wrapped = _host!.Wrap(command);
            _heard.Add(wrapped);

            Assert.Equal((where, answer), (where, _host.Unwrap(Whole(wrapped))));
            Assert.Equal((where, command with { Le = null }), (where, _card.Asked! with { Le = null }));
            Count($"asked at {(byte)_open!.Value:X2}");
        }

        private void Plain(string where)
        {
            var (command, answer) = (Command(), Answer());
            _card.Answer = answer;
            if (HasCodes)
            {
                Refuse(where, "plain", command);
                return;
            }

            Assert.Equal((where, answer), (where, Whole(command)));
            Assert.Equal((where, command with { Le = null }), (where, _card.Asked! with { Le = null }));
            if (_open is null) Over();
            Count("plain where it may be");
        }

        private void Refuse(string where, string what, CommandApdu command)
        {
            var status = _card.Send(command).Status.ToString();
            Assert.True(status is "6982" or "6985" or "6700" or "6A86", $"{where}, {what}: {status}");
            Assert.Null(_card.Asked);
            Over();
            Count(what);
        }

        /// <summary>The answer with what waits of it.</summary>
        private ResponseApdu Whole(CommandApdu command)
        {
            var answer = _card.Send(command with { Le = command.Le ?? 256 });
            while (answer.Status.HasMore)
            {
                var more = _card.Send(new CommandApdu(0x00, 0xC0, 0x00, 0x00, Le: 256));
                answer = new ResponseApdu(new Bytes((byte[])[.. answer.Data.Span, .. more.Data.Span]), more.Status);
            }

            return answer;
        }

        private CommandApdu Command() => new(
            (byte)(_random.Next(2) * 0x80), 0xE2, (byte)_random.Next(256), (byte)_random.Next(256),
            Octets(_random.Next(3) == 0 ? 0 : _random.Next(230)), _random.Next(2) == 0 ? null : 256);

        private ResponseApdu Answer() => _random.Next(4) == 0
            ? new ResponseApdu(StatusWord.FileNotFound)
            : new ResponseApdu(Octets(_random.Next(400)), StatusWord.Success);

        private CommandApdu Changed(CommandApdu command)
        {
            var data = command.Data.ToArray();
            data[_random.Next(data.Length)] ^= (byte)(1 << _random.Next(8));
            return command with { Data = new Bytes(data) };
        }

        private SecretKey Key(int length) => new(Octets(length).Span);

        private Bytes Octets(int length)
        {
            var octets = new byte[length];
            _random.NextBytes(octets);
            return new Bytes(octets);
        }
    }
}
