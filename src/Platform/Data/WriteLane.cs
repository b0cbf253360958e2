using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Remix.Platform.Faults;

namespace Remix.Platform.Data;

/// <summary>
/// All writing on SQLite: one thread, one connection, many callers' transactions in one commit. Each runs in a
/// savepoint of its own, so that one that fails leaves the others alone; nobody is answered before the commit is on disk.
/// </summary>
internal sealed class WriteLane : IAsyncDisposable
{
    private const int QueueMax = 10_000;
    private const int BatchMax = 512;

    private readonly Channel<Turn> queue = Channel.CreateBounded<Turn>(new BoundedChannelOptions(QueueMax) { SingleReader = true });
    private readonly Thread thread;
    private readonly SqlSession session;

    public WriteLane(SqliteConnection connection)
    {
        session = new SqlSession(connection, DatabaseKind.Sqlite);
        thread = new Thread(Run) { IsBackground = true, Name = "write lane" };
        thread.Start();
    }

    public Task<T> Run<T>(Func<SqlSession, ValueTask<T>> work)
    {
        var turn = new Turn<T>(work);
        return queue.Writer.TryWrite(turn) ? turn.Answer.Task : throw Fault.Overloaded();
    }

    private void Run()
    {
        var batch = new List<Turn>(BatchMax);
        while (WaitForWork())
        {
            batch.Clear();
            try
            {
                Do("begin immediate");
                while (batch.Count < BatchMax && queue.Reader.TryRead(out var turn))
                {
                    batch.Add(turn);
                    RunInSavepoint(turn);
                }

                Do("commit");
            }
            catch (SqliteException e)
            {
                Abandon(batch, e);
                continue;
            }

            foreach (var turn in batch)
            {
                turn.Acknowledge();
            }
        }
    }

    private bool WaitForWork()
    {
        var waiting = queue.Reader.WaitToReadAsync();
        return waiting.IsCompletedSuccessfully ? waiting.Result : waiting.AsTask().GetAwaiter().GetResult();
    }

    private void RunInSavepoint(Turn turn)
    {
        Do("savepoint turn");
        turn.Work(session);
        if (turn.Failed)
        {
            Do("rollback to turn");
        }

        Do("release turn");
    }

    private void Abandon(List<Turn> batch, SqliteException cause)
    {
        try
        {
            Do("rollback");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does on a full disk.
        }

        // A batch that never began still has its first caller waiting in the queue.
        if (batch.Count == 0 && queue.Reader.TryRead(out var first))
        {
            batch.Add(first);
        }

        foreach (var turn in batch)
        {
            turn.Fail(cause);
        }
    }

    private void Do(string sql) => session.Execute(sql).AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        thread.Join(TimeSpan.FromSeconds(30));
        await session.DisposeAsync();
    }

    private abstract class Turn
    {
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
            try
            {
                // SQLite's asynchronous calls are synchronous inside, so this does not wait for another thread.
                var running = work(session);
                result = running.IsCompletedSuccessfully ? running.Result : running.AsTask().GetAwaiter().GetResult();
                afterCommit = session.TakeAfterCommit();
            }
            catch (Exception e)
            {
                session.TakeAfterCommit();
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
