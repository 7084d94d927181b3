using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>A SIM whose power goes again and again while its holder tries to buy, and a gateway that asks again.</summary>
public sealed class SimLivesTests
{
    private const int Trip = 320;

    private static readonly byte[] Loaded = Shop.LoadedImage();

    [Fact]
    public void Whatever_lives_are_cut_short_every_purchase_is_done_at_most_once()
    {
        var (paid, interrupted) = (0, 0);
        for (var seed = 0; seed < 150; seed++)
        {
            using var life = new Lives(seed);
            life.Run();
            (paid, interrupted) = (paid + life.Paid, interrupted + life.Interrupted);
        }

        Assert.True(paid > 300 && interrupted > 50, $"{paid} paid, {interrupted} interrupted");
    }

    private sealed class Lives(int seed) : IDisposable
    {
        private const int Count = 6;

        private readonly Random _random = new(seed);
        private readonly Gateway _gateway = new();
        private byte[] _image = Loaded;
        private (Opening Opening, CommandScript Script)? _open;

        public int Paid { get; private set; }

        public int Interrupted { get; private set; }

        public void Run()
        {
            for (var life = 0; life < Count; life++) Live(life == Count - 1 ? int.MaxValue : _random.Next(90));

            using var sim = TestCard.Open(_image);
            var (balance, number) = new SimWorld(sim, _gateway).Balance;
            var done = (int)(Shop.Balance - balance) / Trip;
            Assert.Equal(Shop.Balance - balance, (uint)(done * Trip));
            Assert.Equal((uint)done + 1, number);
            Assert.InRange(done, Paid, Paid + Interrupted);
            Assert.Null(_open);
        }

        public void Dispose() => _gateway.Dispose();

        private void Live(int steps)
        {
            var medium = new CutMedium(_image);
            using (var sim = TestCard.Open(medium, new SeededRandom(_random.Next())))
            {
                medium.CutAfter(steps, length => _random.Next(length + 1), _random);
                try
                {
                    var world = new SimWorld(sim, _gateway);
                    world.Phone.SwitchOn();
                    if (_open is not null) Settle(world);
                    Buy(world);
                }
                catch (PowerLostException)
                {
                    // The next life begins with what the medium kept.
                }
            }

            _image = medium.Image;
        }

        private void Buy(SimWorld world)
        {
            var told = _gateway.Received.Count;
            try
            {
                world.Open();
            }
            finally
            {
                if (_gateway.Received.Count > told)
                    _open = (_gateway.LastOpening, Shop.Purchase(_gateway.LastOpening));
            }

            Settle(world);
        }

        /// <summary>Asks until there is an answer, which the card never changes its mind about.</summary>
        private void Settle(SimWorld world)
        {
            var (opening, script) = _open!.Value;
            var told = _gateway.Received.Count;
            try
            {
                world.Send(Bytes.Of(script));
            }
            finally
            {
                if (_gateway.Received.Count > told)
                {
                    _open = null;
                    if (Shop.Paid(opening, script, _gateway.Received[^1]) is not null) Paid++;
                    else if (_gateway.LastAnswer.Stopped!.Reason == StopReason.Interrupted) Interrupted++;
                    else Assert.Equal(StopReason.SessionNotOpen, _gateway.LastAnswer.Stopped.Reason);
                }
            }
        }
    }
}
