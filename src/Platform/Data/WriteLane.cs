using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Remix.Platform.Faults;
using SQLitePCL;

namespace Remix.Platform.Data;

/// <summary>
/// All writing on SQLite: one thread, one connection, many callers' transactions in one commit. Nobody is answered before
/// the commit is on disk. When one fails after it changed something, all of them are done again, each in a transaction of
/// its own: that is rare, and spares every one of them a savepoint.
/// </summary>
internal sealed class WriteLane : IAsyncDisposable
{
    private const int QueueMax = 10_000;
    private const int BatchMax = 512;
    private const int Constraint = 19;

    /// <summary>How long those that can wait are waited with, where others are likely to come: a commit costs more than they do.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(1);

    private readonly Channel<Turn> queue = Channel.CreateBounded<Turn>(new BoundedChannelOptions(QueueMax) { SingleReader = true });
    private readonly Thread thread;
    private readonly SqliteConnection connection;
    private readonly SqlSession session;
    private readonly AutoResetEvent hurry = new(initialState: false);
    private int pressing;
    private volatile bool lingers;

    /// <param name="connection">The only one that writes.</param>
    /// <param name="standsBack">Whether it leaves the processor to whoever else wants it.</param>
    public WriteLane(SqliteConnection connection, bool standsBack = false)
    {
        this.connection = connection;
        session = new SqlSession(connection, DatabaseKind.Sqlite);
        thread = new Thread(() => Run(standsBack)) { IsBackground = true, Name = "write lane" };
        thread.Start();
    }

    /// <param name="canWait">Whether its caller has something else to do meanwhile, so that it may share a commit with later ones.</param>
    public Task<T> Run<T>(Func<SqlSession, ValueTask<T>> work, bool canWait = false)
    {
        var turn = new Turn<T>(work) { CanWait = canWait };
        if (!canWait)
        {
            Interlocked.Increment(ref pressing);
        }

        if (!queue.Writer.TryWrite(turn))
        {
            Taken(turn);
            throw Fault.Overloaded();
        }

        if (!canWait && lingers)
        {
            hurry.Set();
        }

        return turn.Answer.Task;
    }

    private void Taken(Turn turn)
    {
        if (!turn.CanWait)
        {
            Interlocked.Decrement(ref pressing);
        }
    }

    /// <summary>Waits a moment for more, when the last time there was more than one, and nobody here is in a hurry.</summary>
    private void WaitForMore(int before)
    {
        if (before < 2)
        {
            return;
        }

        lingers = true;
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref pressing) == 0)
        {
            hurry.WaitOne(Linger);
        }

        lingers = false;
    }

    private void Run(bool standsBack)
    {
        if (standsBack)
        {
            ThreadPriorities.StandBack();
        }

        var batch = new List<Turn>(BatchMax);
        while (WaitForWork())
        {
            WaitForMore(batch.Count);
            batch.Clear();
            try
            {
                if (RunTogether(batch))
                {
                    batch.ForEach(turn => turn.Acknowledge());
                    continue;
                }
            }
            catch (SqliteException e) when (batch.Count > 0 && e.SqliteErrorCode == Constraint)
            {
                // What one of them left open, a reference to nothing, came out at the commit.
                RollBack();
            }
            catch (SqliteException e)
            {
                Abandon(batch, e);
                continue;
            }

            batch.ForEach(RunAlone);
        }
    }

    /// <summary>All that waits, in one commit. False, and nothing happened, when one of them failed half-way.</summary>
    private bool RunTogether(List<Turn> batch)
    {
        Do("begin immediate");
        while (batch.Count < BatchMax && queue.Reader.TryRead(out var turn))
        {
            Taken(turn);
            batch.Add(turn);
            if (!RunTurn(turn))
            {
                RollBack();
                return false;
            }
        }

        Finished(session.FlushTallies());
        Do("commit");
        return true;
    }

    /// <summary>The slow way, when those together could not be told apart: a transaction for each.</summary>
    private void RunAlone(Turn turn)
    {
        try
        {
            Do("begin immediate");
            if (!RunTurn(turn))
            {
                RollBack();
            }
            else
            {
                Finished(session.FlushTallies());
                Do("commit");
            }

            turn.Acknowledge();
        }
        catch (SqliteException e)
        {
            RollBack();
            turn.Fail(e);
        }
    }

    /// <summary>False when the turn failed after it had changed something: then the transaction cannot be kept.</summary>
    private bool RunTurn(Turn turn)
    {
        var changes = raw.sqlite3_total_changes(connection.Handle);
        turn.Work(session);

        // On a full disk SQLite ends the transaction by itself, and what came next would be in none.
        return !turn.Failed || (raw.sqlite3_total_changes(connection.Handle) == changes
            && raw.sqlite3_get_autocommit(connection.Handle) == 0);
    }

    private void Do(string sql) => session.Execute(sql).AsTask().GetAwaiter().GetResult();

    private bool WaitForWork()
    {
        var waiting = queue.Reader.WaitToReadAsync();
        return waiting.IsCompletedSuccessfully ? waiting.Result : waiting.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>SQLite's asynchronous calls are synchronous inside, so nothing here waits for another thread.</summary>
    private static void Finished(ValueTask done)
    {
        if (!done.IsCompletedSuccessfully)
        {
            done.AsTask().GetAwaiter().GetResult();
        }
    }

    private void RollBack()
    {
        session.ForgetTallies();
        try
        {
            Do("rollback");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does on a full disk.
        }
    }

    private void Abandon(List<Turn> batch, SqliteException cause)
    {
        RollBack();

        // A batch that never began still has its first caller waiting in the queue.
        if (batch.Count == 0 && queue.Reader.TryRead(out var first))
        {
            Taken(first);
            batch.Add(first);
        }

        batch.ForEach(turn => turn.Fail(cause));
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        thread.Join(TimeSpan.FromSeconds(30));
        await session.DisposeAsync();
        hurry.Dispose();
    }

    private abstract class Turn
    {
        public bool CanWait { get; init; }

        public bool Failed { get; protected set; }

        public abstract void Work(SqlSession session);

        public abstract void Acknowledge();

        public abstract void Fail(Exception cause);
    }

    private sealed class Turn<T>(Func<SqlSession, ValueTask<T>> work) : Turn
    {
        private T result = default!;
        private Exception? failure;
        private List<Action>? afterCommit;

        public TaskCompletionSource<T> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Work(SqlSession session)
        {
            (failure, Failed) = (null, false);
            try
            {
                // SQLite's asynchronous calls are synchronous inside, so this does not wait for another thread.
                var running = work(session);
                result = running.IsCompletedSuccessfully ? running.Result : running.AsTask().GetAwaiter().GetResult();
                afterCommit = session.TakeAfterCommit();
                session.KeepTallies();
            }
            catch (Exception e)
            {
                session.TakeAfterCommit();
                session.DropTallies();
                failure = e;
                Failed = true;
            }
        }

        public override void Acknowledge()
        {
            if (failure is not null)
            {
                Answer.SetException(failure);
                return;
            }

            foreach (var action in afterCommit ?? [])
            {
                action();
            }

            Answer.SetResult(result);
        }

        public override void Fail(Exception cause) => Answer.SetException(failure ?? cause);
    }
}
