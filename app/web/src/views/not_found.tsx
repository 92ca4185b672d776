import { Bar } from '../parts/bar';
import { Missing } from '../parts/states';
import { t } from '../words';

export default function NotFound() {
  return (
    <>
      <Bar title={t('app')} back="/" />
      <main class="page" id="main">
        <Missing words={t('notFound')} />
      </main>
    </>
  );
}
