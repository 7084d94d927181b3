using System.Buffers.Binary;
using Xunit;

namespace Tessera.Smpp.Tests.Sessions;

/// <summary>Seeded noise: every request gets one answer, and the session goes on.</summary>
public class NoiseTests
{
    private static readonly CommandId[] Commands =
    [
        .. Enum.GetValues<CommandId>().Where(id => id != CommandId.Unbind), (CommandId)0x111, (CommandId)0x7FFF_FFFF,
        (CommandId)0xFFFF_FFFF,
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Framed_noise_is_answered_request_by_request_and_ends_nothing(int seed)
    {
        var random = new Random(seed);
        var (session, peer) = Sides.Serve(Sides.Server, Cancel);
        await peer.BindAsync();

        for (var round = 2u; round < 2000; round++)
        {
            var command = Commands[random.Next(Commands.Length)];
            await peer.SendAsync(Pdu(random, command, round));
            if (command.IsResponse()) continue;

            var (number, answer) = await peer.ReceiveAsync();
            Assert.Equal(round, number);
            Assert.True(answer.Id == CommandId.GenericNack || answer.Id == command.Response(), $"{command}: {answer}");
        }

        Assert.False(session.Completion.IsCompleted);
        await peer.CloseAsync();
        Assert.Equal(SessionEndReason.Closed, (await session.Completion).Reason);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_client_outlives_the_noise_of_its_smsc(int seed)
    {
        var random = new Random(seed);
        var (client, peer) = await Sides.BindAsync(Sides.Client, Cancel);

        for (var round = 2u; round < 2000; round++)
        {
            var command = Commands[random.Next(Commands.Length)];
            await peer.SendAsync(Pdu(random, command, round));
            // What has no response is answered only if it does not parse.
            if (command.IsResponse() || command is CommandId.AlertNotification or CommandId.Outbind) continue;

            var answer = await peer.ReceiveAsync();
            while (answer.Number != round) answer = await peer.ReceiveAsync();
        }

        Assert.False(client.Completion.IsCompleted);
        await peer.CloseAsync();
        await client.Completion;
    }

    [Fact]
    public async Task Noise_without_frames_ends_the_session_with_a_reason()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var (session, peer) = Sides.Serve(Sides.Server, Cancel);
            var noise = new byte[random.Next(1, 400)];
            random.NextBytes(noise);
            if (seed % 2 == 0 && noise.Length >= sizeof(uint))
                BinaryPrimitives.WriteUInt32BigEndian(noise, PduFrame.HeaderLength);
            await peer.SendAsync(Convert.ToHexString(noise));
            await peer.CloseAsync();

            var reason = (await session.Completion).Reason;
            Assert.True(reason is SessionEndReason.Broken or SessionEndReason.Closed, $"{seed}: {reason}");
        }
    }

    private static string Pdu(Random random, CommandId command, uint number)
    {
        var body = new byte[random.Next(3) == 0 ? 0 : random.Next(80)];
        random.NextBytes(body);
        if (random.Next(2) == 0)
        {
            for (var i = 0; i < body.Length; i++) body[i] &= (byte)(random.Next(4) == 0 ? 0x7F : 0);
        }

        var length = PduFrame.HeaderLength + body.Length;
        return $"{length:X8}{(uint)command:X8}{random.Next(2):X8}{number:X8}{Convert.ToHexString(body)}";
    }
}
